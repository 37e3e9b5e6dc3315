import { type BundleHeader, type UplinkOp, UplinkWriter, type WantedStream } from '@lifeverse/contracts';
import { StreamCache } from './stream-cache.ts';
import { StreamColumns } from './stream-columns.ts';

type Detach = Extract<UplinkOp, { op: 'detach' }>;

const AUDIENCES = 8;
/** An interest that was not answered for so long is said again, whole. */
const INTEREST_ANSWER_MS = 250;
/** A keyframe that did not come is asked for again. */
const KEY_ANSWER_MS = 250;
/** The end of a session that was not heard is said again, for so long: a zone that hears nothing has let go by itself. */
const DETACH_ANSWER_MS = 250;
const DETACH_MS = 15_000;
/** Something is said at least this often: the zone forgets who is silent. */
const ALIVE_MS = 1_000;

/** A gateway's end of one zone: which streams it wants, and what it has to say. */
export class ZoneLink {
  readonly zone: number;
  /** Of the owner whose bundles are taken. */
  epoch = 0;
  sequence = 0;
  /** Since when the zone knows this gateway, as it says. */
  since = 0;
  tick = 0;
  rate = 256;
  readonly #writer: UplinkWriter;
  readonly #streams: (StreamCache | null)[] = [];
  readonly columns = new StreamColumns();
  readonly #byKey = new Map<number, StreamCache>();
  readonly #detaching = new Map<number, { readonly op: Detach; readonly sinceMs: number; saidMs: number }>();
  #freeSlots: number[] = [];
  #add: WantedStream[] = [];
  #drop: number[] = [];
  #version = 0;
  #answered = 0;
  #saidMs = Number.NEGATIVE_INFINITY;
  /** Highest epoch seen: what is below it comes from an owner that is none any more. */
  #heardEpoch = 0;
  #remindedMs = Number.NEGATIVE_INFINITY;
  #progressMs = Number.NEGATIVE_INFINITY;

  constructor(zone: number, gateway: string, generation: number) {
    this.zone = zone;
    this.#writer = new UplinkWriter(gateway, generation);
  }

  get streams(): readonly (StreamCache | null)[] {
    return this.#streams;
  }

  get streamCount(): number {
    return this.#byKey.size;
  }

  say(op: UplinkOp): void {
    this.#writer.add(op);
  }

  /** Says that a session has ended, until the zone has heard it. */
  detach(op: Detach, nowMs: number): void {
    this.#detaching.set(op.session, { op, sinceMs: nowMs, saidMs: nowMs });
    this.say(op);
  }

  detached(session: number): void {
    this.#detaching.delete(session);
  }

  /** The stream's cache; wanted from now on if it was not yet. */
  want(cell: number, audience: number, nowMs: number): StreamCache {
    const key = cell * AUDIENCES + audience;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const slot = this.#freeSlots.pop() ?? this.#streams.length;
    const stream = new StreamCache({ link: this, cell, audience, slot, sinceVersion: this.#version + 1 }, nowMs);
    this.#streams[slot] = stream;
    this.columns.reset(slot);
    this.#byKey.set(key, stream);
    this.#add.push({ slot, cell, audience });
    return stream;
  }

  find(cell: number, audience: number): StreamCache | undefined {
    return this.#byKey.get(cell * AUDIENCES + audience);
  }

  /** Nobody needs it any more. */
  unwant(stream: StreamCache): void {
    this.#byKey.delete(stream.cell * AUDIENCES + stream.audience);
    this.#streams[stream.slot] = null;
    this.columns.reset(stream.slot);
    this.#freeSlots.push(stream.slot);
    this.#add = this.#add.filter((added) => added.slot !== stream.slot);
    this.#drop.push(stream.slot);
  }

  /** The streams that should follow and do not, by the heads of a bundle. */
  *diverging(heads: Uint8Array): Generator<StreamCache> {
    const expected = this.columns.head;
    const end = Math.min(heads.length, expected.length);
    for (let slot = 0; slot < end; slot++) {
      if (expected[slot] === heads[slot] || (expected[slot] as number) < 0) continue;
      const stream = this.#streams[slot];
      if (stream !== null && stream !== undefined) yield stream;
    }
  }

  /** The stream does not follow: a keyframe is asked for. */
  lose(stream: StreamCache, nowMs: number): void {
    stream.state = { kind: 'waiting', askedMs: nowMs };
    this.columns.reset(stream.slot);
    this.say({ op: 'key', slot: stream.slot });
  }

  /** The zone has taken the interest up to this version. False: it has forgotten what it had taken, and is told all again. */
  answered(version: number, nowMs: number): boolean {
    const forgot = version < this.#answered;
    if (version !== this.#answered) this.#progressMs = forgot ? Number.NEGATIVE_INFINITY : nowMs;
    this.#answered = version;
    return !forgot;
  }

  /** Nothing is read of the zone, and nothing is left to be told it. */
  get idle(): boolean {
    return this.#byKey.size === 0 && this.#detaching.size === 0;
  }

  /** Whether a bundle comes again, or too late to count; `fenced`: from an owner that is none any more. */
  isLate({ epoch, sequence, tick }: BundleHeader): boolean | 'fenced' {
    if (epoch < this.#heardEpoch) return 'fenced';
    // Also when it is too late to count: the former owner, whose clock may be ahead, would go on being heard first.
    this.#heardEpoch = epoch;
    return (epoch === this.epoch && sequence <= this.sequence) || tick <= this.tick;
  }

  /** What is to be said now; null when there is nothing. */
  flush(nowMs: number): Uint8Array | null {
    if (this.#answered < this.#version && nowMs - this.#progressMs > INTEREST_ANSWER_MS) this.#sayAll(nowMs);
    else if (this.#add.length > 0 || this.#drop.length > 0) this.#sayChange(nowMs);
    if (this.#writer.empty && nowMs - this.#saidMs < ALIVE_MS) return null;
    this.#saidMs = nowMs;
    return this.#writer.take();
  }

  #sayChange(nowMs: number): void {
    const base = this.#version;
    this.#version++;
    this.say({ op: 'interest', version: this.#version, base, add: this.#add, drop: this.#drop });
    if (this.#answered === base) this.#progressMs = nowMs;
    this.#add = [];
    this.#drop = [];
  }

  #sayAll(nowMs: number): void {
    this.#version++;
    const add: WantedStream[] = [];
    for (const stream of this.#streams)
      if (stream !== null) add.push({ slot: stream.slot, cell: stream.cell, audience: stream.audience });
    this.say({ op: 'interest', version: this.#version, base: 0, add, drop: [] });
    this.#progressMs = nowMs;
    this.#add = [];
    this.#drop = [];
  }

  /** Asks again for keyframes that did not come, and says again what was not heard. */
  remind(nowMs: number): void {
    if (nowMs - this.#remindedMs < KEY_ANSWER_MS / 2) return;
    this.#remindedMs = nowMs;
    for (const stream of this.#streams) {
      if (stream === null || stream.state.kind === 'current' || nowMs - stream.state.askedMs < KEY_ANSWER_MS) continue;
      stream.state.askedMs = nowMs;
      this.say({ op: 'key', slot: stream.slot });
    }
    for (const [session, detaching] of this.#detaching) {
      if (nowMs - detaching.sinceMs > DETACH_MS) this.#detaching.delete(session);
      else if (nowMs - detaching.saidMs >= DETACH_ANSWER_MS) {
        detaching.saidMs = nowMs;
        this.say(detaching.op);
      }
    }
  }
}
