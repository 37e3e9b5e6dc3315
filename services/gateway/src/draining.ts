import type { Clock } from '@lifeverse/base';
import type { GatewayCore } from './core/index.ts';
import type { KnownGateways } from './known-gateways.ts';

export interface DrainingParts {
  readonly core: GatewayCore;
  readonly clock: Clock;
  readonly known: KnownGateways;
  /** Where it stands; empty: nobody has said. */
  readonly region: string;
  /** Tells the other gateways that this one leaves, or stays. */
  say(): void;
  /** Connections that are open stay. */
  closeDoor(): void;
  openDoor(): Promise<void>;
}

/** A gateway that hands its players over to others while they play (GW30), until it is stopped or stays after all. */
export class Draining {
  readonly #parts: DrainingParts;
  #opening: Promise<void> | null = null;
  /** What was wanted last. */
  #stays = false;

  constructor(parts: DrainingParts) {
    this.#parts = parts;
  }

  get begun(): boolean {
    return this.#parts.core.leaves;
  }

  /** False, and nothing is done, while there is no other gateway to go to. */
  begin(withinMs: number): boolean {
    const { core, clock, known, region } = this.#parts;
    this.#stays = false;
    if (this.begun) return true;
    if (known.others.length === 0) return false;
    // First: who comes to this address from now on reaches its successor, if there is one.
    this.#parts.closeDoor();
    known.leaves = true;
    this.#parts.say();
    core.leave(withinMs, () => known.othersIn(region), clock.nowMs());
    return true;
  }

  /** Rejects when the door cannot be opened any more: then it goes on leaving, as nobody can come to it. */
  async end(): Promise<void> {
    if (!this.begun) return;
    const { core, known } = this.#parts;
    this.#stays = true;
    this.#opening ??= this.#parts.openDoor().finally(() => {
      this.#opening = null;
    });
    await this.#opening;
    if (!this.begun) return;
    // It was to leave again while the door was being opened.
    if (!this.#stays) return this.#parts.closeDoor();
    core.stay();
    known.leaves = false;
    this.#parts.say();
  }
}
