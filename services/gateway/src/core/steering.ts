import type { Go } from '@lifeverse/protocol';
import type { Connection } from './connection.ts';

/** By which address the players of a zone are better served; null: by none other. */
export type BetterGateway = (zone: number) => string | null;

/** Who has been in a zone for so long is not likely to turn back at once. */
const SETTLED_MS = 10_000;
/** Nobody is asked more often. */
const REST_MS = 60_000;
const TURN_MS = 1_000;
/** Nobody waits for it. */
const ASKED_AT_ONCE = 20;
const WITHIN_MS = 10_000;

/** How long somebody has been where they are, and when they were asked last. */
interface Stay {
  zone: number;
  sinceMs: number;
  askedMs: number;
}

/** Asks players to go on by a gateway that reads the part of the world in which they are (GW32), a few in a second. */
export class Steering {
  readonly #better: BetterGateway;
  readonly #stays = new WeakMap<Connection, Stay>();
  #turnMs = Number.NEGATIVE_INFINITY;

  constructor(better: BetterGateway) {
    this.#better = better;
  }

  /** Those whose turn it is, and what each is asked. `connections`: of players who can be asked. */
  *turn(connections: Iterable<Connection>, nowMs: number): Generator<readonly [Connection, Go]> {
    if (nowMs - this.#turnMs < TURN_MS) return;
    this.#turnMs = nowMs;
    const addresses = new Map<number, string | null>();
    const found: { readonly connection: Connection; readonly stay: Stay; readonly address: string }[] = [];
    for (const connection of connections) {
      const stay = this.#stayOf(connection, nowMs);
      if (nowMs - stay.sinceMs < SETTLED_MS || nowMs - stay.askedMs < REST_MS) continue;
      const known = addresses.get(stay.zone);
      const address = known === undefined ? this.#better(stay.zone) : known;
      addresses.set(stay.zone, address);
      if (address !== null) found.push({ connection, stay, address });
    }
    // Those first who were not asked yet, or longest ago: who stays all the same is in nobody's way.
    const next = found.sort((a, b) => Math.sign(a.stay.askedMs - b.stay.askedMs)).slice(0, ASKED_AT_ONCE);
    for (const { connection, stay, address } of next) {
      stay.askedMs = nowMs;
      yield [connection, { reason: 'better', withinMs: WITHIN_MS, address }];
    }
  }

  #stayOf(connection: Connection, nowMs: number): Stay {
    const { zone } = connection.link;
    // Who has come here from another gateway was asked there.
    const askedMs = connection.continues === 0 ? -REST_MS : nowMs;
    const stay = this.#stays.get(connection) ?? { zone, sinceMs: nowMs, askedMs };
    this.#stays.set(connection, stay);
    if (stay.zone !== zone) Object.assign(stay, { zone, sinceMs: nowMs });
    return stay;
  }
}
