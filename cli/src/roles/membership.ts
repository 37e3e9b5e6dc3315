import { type ClusterNotice, worksBeside } from '@lifeverse/contracts';

/** Which cluster, and since which start of it. */
export type Belonging = Pick<ClusterNotice, 'identity' | 'generation' | 'sinceMs'>;

/** A cluster on the bus that is not this one. */
export interface Foreign extends Belonging {
  readonly speaker: string;
}

/** One of the cluster whose version does not work beside that of who wants to join. */
export type Unlike = Pick<ClusterNotice, 'speaker' | 'version'>;

/** What the database says of its cluster's processes, by the database's clock. */
export interface Presence {
  readonly generation: number;
  /** Null: it was stopped as a whole. */
  readonly seenMs: number | null;
  readonly nowMs: number;
}

/**
 * What is to be done next by who wants to join. `found`: nothing of the cluster runs, and this is the first of a new
 * generation. `elsewhere`: it runs on this database, and is not heard on this bus.
 */
export type Step = 'wait' | 'join' | 'found' | 'elsewhere';

/** Who is there answers at once who asks: this is for the way there and back, on a busy machine too. */
export const LISTEN_MS = 500;
/** Each speaks, and is seen by the database, once a second. */
export const SPEAK_MS = 1_000;
/** By the database: one that was not seen for longer does not run. */
export const SEEN_MS = 4 * SPEAK_MS;
const HEARD_MS = 3 * SPEAK_MS;
const ELSEWHERE_MS = 2 * SPEAK_MS;

interface Heard {
  notice: ClusterNotice;
  /** Of all who spoke for it. */
  readonly marks: Set<string>;
  atMs: number;
}

/**
 * Whether a process may be one of the cluster whose name it was given: by what its database says, and by what is heard on the
 * bus under that name. No timer, no bus and no database: notices and times go in.
 */
export class Membership {
  /** Made from the secret of the cluster; empty for who does not know it. */
  readonly #mark: string;
  readonly #version: string;
  readonly #startedMs: number;
  /** Who has joined, by identity and name. */
  readonly #members = new Map<string, { readonly notice: ClusterNotice; readonly atMs: number }>();
  /** By identity. */
  readonly #heard = new Map<string, Heard>();
  #own: Belonging | null = null;
  #joinedMs: number | null = null;
  /** Since when it is known which cluster it belongs to. */
  #knownMs: number | null = null;
  /** Who was seen by the database when a generation was looked at first, and when that was. */
  #first: { readonly generation: number; readonly seenMs: number | null; readonly atMs: number } | null = null;

  /** `version`: of the product, as this process runs it. */
  constructor(mark: string, version: string, nowMs: number) {
    this.#mark = mark;
    this.#version = version;
    this.#startedMs = nowMs;
  }

  /** By its database. */
  belongs(own: Belonging): void {
    this.#own = own;
  }

  joined(nowMs: number): void {
    this.#joinedMs = nowMs;
  }

  hear(notice: ClusterNotice, nowMs: number): void {
    if (!notice.joined || notice.identity === '') return;
    const heard = this.#heard.get(notice.identity) ?? { notice, marks: new Set(), atMs: nowMs };
    this.#heard.set(notice.identity, heard);
    if (notice.generation >= heard.notice.generation) heard.notice = notice;
    if (notice.mark !== '') heard.marks.add(notice.mark);
    heard.atMs = nowMs;
    this.#members.set(`${notice.identity} ${notice.speaker}`, { notice, atMs: nowMs });
    if (this.#own?.identity === notice.identity && this.#own.generation < notice.generation) this.#own = notice;
  }

  /** Null: not known yet, which is for who has no database. */
  own(nowMs: number): Belonging | null {
    return this.#own ?? this.#recent(nowMs).find(({ marks }) => marks.has(this.#mark))?.notice ?? null;
  }

  /** `presence`: null for who has no database. */
  next(presence: Presence | null, nowMs: number): Step {
    const isListening = nowMs - this.#startedMs < LISTEN_MS;
    if (presence === null) return isListening && this.own(nowMs) === null ? 'wait' : 'join';
    if (this.#hears(presence.generation, nowMs)) return 'join';
    if (isListening) return 'wait';
    const { seenMs } = presence;
    if (seenMs === null || presence.nowMs - seenMs > SEEN_MS) return 'found';
    return this.#isUnheard(presence, nowMs) ? 'elsewhere' : 'wait';
  }

  /** Whether a later generation runs on the database of one who has joined, by another bus. */
  isSuperseded(presence: Presence, nowMs: number): boolean {
    if (presence.generation <= (this.#own?.generation ?? 0)) return false;
    return !this.#hears(presence.generation, nowMs) && this.#isUnheard(presence, nowMs);
  }

  /**
   * The cluster that has the name on this bus; null: this one. Who has not joined leaves it to any other, who has to one that was
   * there before.
   */
  foreign(nowMs: number): Foreign | null {
    const own = this.own(nowMs);
    const others = this.#recent(nowMs).filter(({ notice, marks }) =>
      own === null ? marks.size > 0 : notice.identity !== own.identity,
    );
    const first = others.map(({ notice }) => notice).toSorted(byAge)[0];
    if (first === undefined) return null;
    return this.#joinedMs !== null && own !== null && byAge(own, first) < 0 ? null : first;
  }

  /**
   * One that was there before; null: all of those work beside this one. Who joins later leaves the cluster to them. The supervisor, which
   * stays while all others are replaced, speaks with nobody over the bus.
   */
  unlike(nowMs: number): Unlike | null {
    const identity = this.own(nowMs)?.identity;
    if (identity !== undefined) this.#knownMs ??= nowMs;
    for (const [key, { atMs }] of this.#members) if (nowMs - atMs >= HEARD_MS) this.#members.delete(key);
    // Those that were there have said so by then.
    const sinceMs = Math.max(this.#joinedMs ?? nowMs, this.#knownMs ?? nowMs);
    if (this.#joinedMs !== null && nowMs - sinceMs >= LISTEN_MS) return null;
    const members = [...this.#members.values()].map(({ notice }) => notice).filter(isNoSupervisor);
    const found = members.find((each) => each.identity === identity && !worksBeside(each.version, this.#version));
    return found === undefined ? null : { speaker: found.speaker, version: found.version };
  }

  /** Again and again, and for a while by nobody on this bus. */
  #isUnheard({ generation, seenMs }: Presence, nowMs: number): boolean {
    if (this.#first?.generation !== generation) this.#first = { generation, seenMs, atMs: nowMs };
    const first = this.#first;
    return nowMs - first.atMs >= ELSEWHERE_MS && (seenMs ?? 0) > (first.seenMs ?? 0);
  }

  #hears(generation: number, nowMs: number): boolean {
    const heard = this.#recent(nowMs).find(({ notice }) => notice.identity === this.#own?.identity);
    return heard !== undefined && heard.notice.generation >= generation;
  }

  #recent(nowMs: number): Heard[] {
    return [...this.#heard.values()].filter(({ atMs }) => nowMs - atMs < HEARD_MS);
  }
}

const isNoSupervisor = ({ speaker }: ClusterNotice): boolean => speaker !== 'supervisor';

function byAge(one: Belonging, other: Belonging): number {
  return one.sinceMs - other.sinceMs || (one.identity < other.identity ? -1 : 1);
}
