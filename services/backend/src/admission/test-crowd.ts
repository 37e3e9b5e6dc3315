import type { Random } from '@lifeverse/base';
import { type Lane, type RoomAnswer, type RoomLimits, type Supply, type Visitor, WaitingRoom } from './waiting-room.ts';

export interface CrowdPlan {
  readonly capacity: number;
  readonly joinsPerS: number;
  /** Milliseconds at which each comes. */
  readonly arrivals: readonly { readonly atMs: number; readonly lane: Lane }[];
  /** How long one stays in the world, milliseconds. */
  readonly stayMs: (random: Random) => number;
  /** In the world from the start. */
  readonly present: number;
  /** How long one is willing to wait at most; nobody gives up when left out. */
  readonly patienceMs?: (random: Random) => number;
  readonly untilMs: number;
  readonly limits: RoomLimits;
}

/** What one was told while waiting, and what came of it. */
export interface Wait {
  readonly lane: Lane;
  readonly arrivedMs: number;
  readonly told: { readonly atMs: number; readonly answer: Extract<RoomAnswer, { kind: 'wait' }> }[];
  cameMs: number | null;
  order: number;
}

interface Happening {
  readonly atMs: number;
  readonly act: () => void;
}

/** A waiting room, a world and everyone who wants in, in virtual time: each asks again when told to, a little later or sooner. */
export class TestCrowd {
  readonly waits: Wait[] = [];
  readonly room: WaitingRoom;
  questions = 0;
  mostInWorld = 0;
  inWorld: number;
  readonly #plan: CrowdPlan;
  readonly #random: Random;
  readonly #happenings: Happening[] = [];
  #admitted = 0;

  constructor(plan: CrowdPlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
    this.inWorld = plan.present;
    this.room = new WaitingRoom(plan.limits, random.fork(), 0);
    for (let i = 0; i < plan.present; i++) this.#stay(0);
    plan.arrivals.forEach(({ atMs, lane }, index) => {
      const wait: Wait = { lane, arrivedMs: atMs, told: [], cameMs: null, order: -1 };
      this.waits.push(wait);
      const gaveUpMs = atMs + (plan.patienceMs?.(random) ?? Number.POSITIVE_INFINITY);
      this.#at(atMs, () => this.#ask({ subject: `${index}`, lane, address: null, since: null }, wait, gaveUpMs));
    });
  }

  run(): void {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      this.#nowMs = next.atMs;
      next.act();
    }
  }

  #nowMs = 0;

  get #supply(): Supply {
    const { capacity, joinsPerS } = this.#plan;
    return { open: true, capacity, joinsPerS, taken: this.inWorld };
  }

  #ask(visitor: Visitor, wait: Wait, gaveUpMs: number): void {
    const atMs = this.#nowMs;
    if (atMs > gaveUpMs) return;
    this.questions++;
    const answer = this.room.ask(visitor, this.#supply, atMs);
    if (answer.kind === 'refused') throw new Error(answer.code);
    if (answer.kind === 'come') {
      this.room.admitted(visitor.subject);
      wait.cameMs = atMs;
      wait.order = this.#admitted++;
      this.inWorld++;
      this.mostInWorld = Math.max(this.mostInWorld, this.inWorld);
      this.#stay(atMs);
      return;
    }
    wait.told.push({ atMs, answer });
    this.#at(atMs + answer.retryMs * this.#random.between(1, 1.25), () => this.#ask(visitor, wait, gaveUpMs));
  }

  #stay(fromMs: number): void {
    this.#at(fromMs + this.#plan.stayMs(this.#random), () => {
      this.inWorld--;
      this.room.freed(this.#nowMs, 1);
    });
  }

  #at(atMs: number, act: () => void): void {
    const heap = this.#happenings;
    let i = heap.push({ atMs, act }) - 1;
    for (let up = (i - 1) >> 1; i > 0 && (heap[up] as Happening).atMs > atMs; i = up, up = (i - 1) >> 1)
      [heap[i], heap[up]] = [heap[up] as Happening, heap[i] as Happening];
  }

  #pop(): Happening | undefined {
    const heap = this.#happenings;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first.atMs > this.#plan.untilMs) return undefined;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0, down = 1; down < heap.length; i = down, down = 2 * i + 1) {
      if (down + 1 < heap.length && (heap[down + 1] as Happening).atMs < (heap[down] as Happening).atMs) down++;
      if ((heap[down] as Happening).atMs >= (heap[i] as Happening).atMs) break;
      [heap[i], heap[down]] = [heap[down] as Happening, heap[i] as Happening];
    }
    return first;
  }
}
