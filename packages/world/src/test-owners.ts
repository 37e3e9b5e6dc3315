import fc from 'fast-check';
import { Ownership } from './ownership.ts';

const LEASE_MS = 1_500;
const MARGIN_MS = 250;
/** Beyond what any machine's clock does, below margin / lease. */
const RATE_ERROR = 0.05;
const LOOK_EVERY_MS = 5;
/** Of who never stops asking after its own plan is through. */
const AFTERWARDS_MS = 4_000;

/** What goes wrong on purpose. */
export interface Faults {
  /** Zones are taken while the owner's lease runs. */
  readonly takesEarly?: boolean;
  /** The deadline counts from when the answer came. */
  readonly countsFromAnswer?: boolean;
}

/** One question of a server to the database; then it waits. */
const turn = fc.record({
  kind: fc.constantFrom('renew', 'want'),
  afterMs: fc.nat(1_200),
  toMs: fc.nat(700),
  backMs: fc.nat(700),
  /** `unheard`: the database decides, and its answer is lost. */
  fate: fc.constantFrom('answered', 'answered', 'answered', 'unheard', 'lost'),
  /** The process stands still so long after it has asked. */
  pauseMs: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(5_000)),
  /** How long what it says to the other is on its way; null: lost. */
  noticeMs: fc.oneof(fc.nat(400), fc.constant(null)),
});
const server = fc.record({
  turns: fc.array(turn, { minLength: 4, maxLength: 24 }),
  rate: fc.double({ min: 1 - RATE_ERROR, max: 1 + RATE_ERROR, noNaN: true }),
  offsetMs: fc.nat(1_000_000),
});

export const twoServers = fc.record({
  servers: fc.tuple(server, server),
  databaseRate: fc.double({ min: 1 - RATE_ERROR, max: 1 + RATE_ERROR, noNaN: true }),
});

type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;
export type Course = typeof twoServers extends fc.Arbitrary<infer T> ? T : never;

/** The functions of the database, as a model. Its time is its own. */
class ModelDatabase {
  epoch = 0;
  owner: number | null = null;
  readonly leaseUntilMs = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  renew(server: number, nowMs: number): string[] {
    this.leaseUntilMs[server] = nowMs + LEASE_MS;
    return [0, 1].filter((it) => it !== server && (this.leaseUntilMs[it] as number) > nowMs).map(String);
  }

  /** The new epoch; null: it is another's. */
  take(server: number, nowMs: number): number | null {
    const freeMs = this.owner === null ? nowMs : (this.leaseUntilMs[this.owner] as number) + MARGIN_MS;
    if (this.owner !== null && this.owner !== server && freeMs >= nowMs && this.#faults.takesEarly !== true)
      return null;
    this.owner = server;
    return ++this.epoch;
  }
}

export interface Look {
  readonly atMs: number;
  /** Those that may flush now and are awake to do it. */
  readonly flushing: readonly { readonly server: number; readonly epoch: number; readonly state: string }[];
  /** The zone's, in the database. */
  readonly epoch: number;
}

/** Two servers that both want a zone, by their own clocks; `look` sees what is so every few milliseconds of true time. */
export function runOwners(course: Course, faults: Faults, look: (look: Look) => void): void {
  const database = new ModelDatabase(faults);
  const queue: { atMs: number; run: () => void }[] = [];
  const at = (atMs: number, run: () => void): void => void queue.push({ atMs, run });
  const owners = course.servers.map((_, index) => new ModelServer(index, course, { database, faults, at }));
  for (const owner of owners) owner.start(owners[1 - owner.index] as ModelServer);
  for (let nowMs = 0, endMs = 0; nowMs <= endMs + AFTERWARDS_MS; nowMs += LOOK_EVERY_MS) {
    for (;;) {
      const due = queue.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      queue.splice(queue.indexOf(due), 1);
      due.run();
    }
    if (queue.length > 0) endMs = nowMs;
    const flushing = owners.flatMap((owner) => owner.flushingAt(nowMs));
    look({ atMs: nowMs, flushing, epoch: database.epoch });
  }
}

interface Surroundings {
  readonly database: ModelDatabase;
  readonly faults: Faults;
  at(atMs: number, run: () => void): void;
}

class ModelServer {
  readonly index: number;
  readonly #turns: readonly Turn[];
  readonly #around: Surroundings;
  readonly #clock: (trueMs: number) => number;
  readonly #databaseClock: (trueMs: number) => number;
  #other: ModelServer = this;
  #ownership: Ownership | null = null;
  #pausedUntilMs = 0;

  constructor(index: number, { servers, databaseRate }: Course, around: Surroundings) {
    const { turns, rate, offsetMs } = servers[index] as Course['servers'][0];
    this.index = index;
    this.#turns = turns;
    this.#around = around;
    this.#clock = (trueMs) => offsetMs + rate * trueMs;
    this.#databaseClock = (trueMs) => databaseRate * trueMs;
  }

  start(other: ModelServer): void {
    this.#other = other;
    this.#turn(0, 0);
  }

  flushingAt(nowMs: number): { server: number; epoch: number; state: string }[] {
    const ownMs = this.#clock(nowMs);
    const ownership = this.#ownership;
    if (ownership === null || nowMs < this.#pausedUntilMs || !ownership.mayFlush(ownMs)) return [];
    return [{ server: this.index, epoch: ownership.epoch, state: ownership.stateAt(ownMs).state }];
  }

  /** One after the other: who asks waits for the answer, or for its end. */
  #turn(number: number, fromMs: number): void {
    const turn = this.#turns[number];
    if (turn === undefined) return;
    const askedMs = fromMs + turn.afterMs;
    this.#around.at(askedMs, () => {
      this.#pausedUntilMs = askedMs + turn.pauseMs;
      const takes = turn.kind === 'want' && !this.#isOwner();
      let answer: ((answeredMs: number) => void) | null = null;
      if (turn.fate !== 'lost') {
        this.#around.at(askedMs + turn.toMs, () => {
          const heard = this.#decide(takes, askedMs, askedMs + turn.toMs);
          if (turn.fate === 'answered') answer = heard;
        });
      }
      const answeredMs = Math.max(askedMs + turn.toMs + turn.backMs, this.#pausedUntilMs) + 1;
      this.#around.at(answeredMs, () => {
        if (answer === null) this.#ownership?.unreachable(this.#clock(askedMs));
        else answer(answeredMs);
        this.#say(turn, answer !== null, answeredMs);
        this.#turn(number + 1, answeredMs);
      });
    });
  }

  #isOwner(): boolean {
    return this.#ownership !== null && this.#ownership.stateAt(Number.POSITIVE_INFINITY).state !== 'lost';
  }

  /** In the database, at that moment; what comes of it is what the server does when it hears of it. */
  #decide(takes: boolean, askedMs: number, nowMs: number): (answeredMs: number) => void {
    const { database, faults } = this.#around;
    const others = database.renew(this.index, this.#databaseClock(nowMs));
    const took = takes ? database.take(this.index, this.#databaseClock(nowMs)) : null;
    const owned = database.owner === this.index ? database.epoch : null;
    return (answeredMs) => {
      if (took !== null)
        this.#ownership = new Ownership({ epoch: took, leaseMs: LEASE_MS, marginMs: MARGIN_MS, ownBus: false });
      else if (owned !== this.#ownership?.epoch) this.#ownership?.lose({ why: 'taken' });
      this.#ownership?.granted(this.#clock(faults.countsFromAnswer === true ? answeredMs : askedMs), others);
    };
  }

  #say({ noticeMs }: Turn, reaches: boolean, nowMs: number): void {
    if (noticeMs === null) return;
    const epoch = this.#ownership?.epoch ?? null;
    this.#around.at(nowMs + noticeMs, () => this.#other.#hear(reaches, epoch, nowMs + noticeMs));
  }

  #hear(reaches: boolean, epoch: number | null, nowMs: number): void {
    if (nowMs < this.#pausedUntilMs) {
      this.#around.at(this.#pausedUntilMs, () => this.#hear(reaches, epoch, this.#pausedUntilMs));
      return;
    }
    this.#ownership?.heard(String(1 - this.index), reaches, this.#clock(nowMs));
    if (epoch !== null) this.#ownership?.heardEpoch(epoch);
  }
}
