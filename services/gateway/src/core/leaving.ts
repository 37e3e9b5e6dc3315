import type { Go } from '@lifeverse/protocol';
import { type Connection, groupOf } from './connection.ts';
import { type BetterGateway, Steering } from './steering.ts';

/** Where players can go, by their addresses, when they are to go. */
export type OtherGateways = () => readonly string[];

/** The first version of the protocol in which a player can be asked. */
const GO_VERSION = 4;
/** So many are asked in a second, at least and at most. */
const PER_S = { least: 20, most: 500 } as const;
/** Of the time that there is: by then all are asked. Who does not get in elsewhere at once needs the rest. */
const ASKED_SHARE = 0.5;
/** What was missed while nobody was asked is not made up for at once. */
const LONGEST_TURN_MS = 100;

/** Hands players over to other gateways (GW30): asks them to go, one after the other, so that they are no storm there. */
export class Leaving {
  readonly #steering: Steering;
  readonly #better: BetterGateway;
  #until: { readonly ms: number; readonly perS: number; readonly others: OtherGateways } | null = null;
  #turnMs = 0;
  #due = 0;
  #asked = 0;

  /** `better`: where players are better served while they may stay. */
  constructor(better: BetterGateway) {
    this.#better = better;
    this.#steering = new Steering(better);
  }

  get begun(): boolean {
    return this.#until !== null;
  }

  /** Asked for again, nothing changes. */
  begin(players: number, withinMs: number, others: OtherGateways, nowMs: number): void {
    if (this.#until !== null) return;
    const wanted = players / ((withinMs * ASKED_SHARE) / 1_000);
    const perS = Math.min(PER_S.most, Math.max(PER_S.least, wanted));
    this.#until = { ms: nowMs + withinMs, perS, others };
    this.#turnMs = nowMs;
    this.#due = 0;
  }

  /** They may stay; who was asked already goes, if they can. */
  end(connections: Iterable<Connection>): void {
    this.#until = null;
    for (const connection of connections) connection.asked = false;
  }

  /** Those whose turn it is, and what each is asked: nobody, while there is nowhere to go. */
  *turn(connections: Iterable<Connection>, nowMs: number): Generator<readonly [Connection, Go]> {
    const until = this.#until;
    if (until === null) {
      yield* this.#steering.turn(askable(connections), nowMs);
      return;
    }
    const addresses = until.others();
    const passedMs = Math.min(LONGEST_TURN_MS, nowMs - this.#turnMs);
    this.#turnMs = nowMs;
    if (addresses.length === 0) return;
    this.#due = Math.min(until.perS, this.#due + (passedMs * until.perS) / 1_000);
    const withinMs = Math.max(0, Math.round(until.ms - nowMs));
    for (const connection of askable(connections)) {
      if (this.#due < 1) return;
      if (connection.asked) continue;
      connection.asked = true;
      this.#due--;
      // Where they are better served, or one after the other: so each of them gets its share.
      const address = this.#better(connection.link.zone) ?? (addresses[this.#asked++ % addresses.length] as string);
      yield [connection, { reason: 'stopping', withinMs, address }];
    }
  }
}

/** Players who can be asked by a message of their version. */
function* askable(connections: Iterable<Connection>): Generator<Connection> {
  for (const connection of connections)
    if (connection.version >= GO_VERSION && groupOf(connection) !== null) yield connection;
}
