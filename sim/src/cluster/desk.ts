import type { Redeemed } from '@lifeverse/gateway/core';
import type { ErrorCode } from '@lifeverse/protocol';

/** Gives out join tickets, as the backend does: each raises the character's incarnation and is good once. */
export class Desk {
  readonly #incarnations = new Map<string, number>();
  readonly #tickets = new Map<string, Redeemed>();
  readonly #used = new Set<string>();

  grant(character: string): string {
    const incarnation = this.incarnationOf(character) + 1;
    this.#incarnations.set(character, incarnation);
    const ticket = `${character}/${incarnation}`;
    this.#tickets.set(ticket, { character, incarnation, name: character });
    return ticket;
  }

  /** The newest given out; 0 before the first. */
  incarnationOf(character: string): number {
    return this.#incarnations.get(character) ?? 0;
  }

  redeem(ticket: string): Redeemed | ErrorCode {
    const redeemed = this.#tickets.get(ticket);
    if (redeemed === undefined) return this.#used.has(ticket) ? 'ticket_used' : 'ticket_invalid';
    this.#tickets.delete(ticket);
    this.#used.add(ticket);
    return redeemed;
  }
}
