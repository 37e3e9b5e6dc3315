import type { PresenceChange } from '@lifeverse/contracts';

interface Standing {
  readonly zone: number;
  readonly revision: number;
}

interface Zone {
  readonly epoch: number;
  readonly saidMs: number;
}

/** An owner of a zone who is silent for so long has nobody in the world any more. */
const LEASE_MS = 15_000;
/** From a ticket to the zone's word that its player stands there: the ticket's own 30 s, and time to be told. */
const EXPECTED_MS = 32_000;

/**
 * Who takes up room in the world: those who stand there, connected or not, and those who were let in a moment ago. A
 * character counts once, however often it comes back.
 */
export class Seats {
  readonly #standing = new Map<string, Standing>();
  readonly #expected = new Map<string, number>();
  readonly #zones = new Map<number, Zone>();
  readonly #freed: (nowMs: number, seats: number) => void;

  /** `freed`: told whenever there is more room than before. */
  constructor(freed: (nowMs: number, seats: number) => void) {
    this.#freed = freed;
  }

  get taken(): number {
    return this.#standing.size + this.#expected.size;
  }

  has(character: string): boolean {
    return this.#standing.has(character) || this.#expected.has(character);
  }

  /** What the owner of a zone says; `changes` may be empty. One who was replaced is not believed. */
  said(zone: number, epoch: number, changes: readonly PresenceChange[], nowMs: number): void {
    const known = this.#zones.get(zone);
    if (known !== undefined && epoch < known.epoch) return;
    // Nobody left: whoever stood there has to come back.
    if (known !== undefined && epoch > known.epoch) this.#empty(zone);
    const before = this.taken;
    this.#zones.set(zone, { epoch, saidMs: nowMs });
    for (const { character, state, revision } of changes) {
      const standing = this.#standing.get(character);
      if (standing !== undefined && standing.zone === zone && standing.revision >= revision) continue;
      if (state !== 'offline') {
        this.#standing.set(character, { zone, revision });
        this.#expected.delete(character);
      } else if (standing?.zone === zone) this.#standing.delete(character);
    }
    this.#tell(before, nowMs);
  }

  /** Has a ticket: the place in the world is theirs until they stand there, or do not come. */
  expect(character: string, nowMs: number): void {
    if (this.#standing.has(character)) return;
    this.#expected.delete(character);
    this.#expected.set(character, nowMs + EXPECTED_MS);
  }

  /** As a zone said before this process was there. */
  restore(zone: number, epoch: number, characters: readonly string[], nowMs: number): void {
    this.#zones.set(zone, { epoch, saidMs: nowMs });
    for (const character of characters) this.#standing.set(character, { zone, revision: 0 });
  }

  /** Lets go of who did not come, and of zones that nobody speaks for. */
  tick(nowMs: number): void {
    const before = this.taken;
    for (const [character, untilMs] of this.#expected) {
      if (untilMs > nowMs) break;
      this.#expected.delete(character);
    }
    for (const [zone, { saidMs }] of this.#zones) {
      if (nowMs - saidMs <= LEASE_MS) continue;
      this.#zones.delete(zone);
      this.#empty(zone);
    }
    this.#tell(before, nowMs);
  }

  #empty(zone: number): void {
    for (const [character, standing] of this.#standing) if (standing.zone === zone) this.#standing.delete(character);
  }

  #tell(before: number, nowMs: number): void {
    if (this.taken < before) this.#freed(nowMs, before - this.taken);
  }
}
