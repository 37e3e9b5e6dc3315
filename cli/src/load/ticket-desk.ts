import { setTimeout as sleep } from 'node:timers/promises';
import { causeOf, LoadProblem } from './load-problem.ts';

export interface Grant {
  readonly ticket: string;
  /** To come back to the same avatar with. */
  readonly session: string;
}

const AT_ONCE = 16;
/** A server that asks for patience gets it this often. */
const ATTEMPTS = 60;
const USUAL_WAIT_S = 1;

/** Fetches tickets to join with, a bounded number at once. */
export class TicketDesk {
  readonly #url: URL;
  readonly #queue: (() => void)[] = [];
  #busy = 0;

  constructor(server: URL) {
    this.#url = new URL('api/tickets', server);
  }

  /** Rejects with a LoadProblem. */
  async ticket(session: string | null): Promise<Grant> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#busy++;
    try {
      for (let attempt = 1; ; attempt++) {
        const answer = await this.#ask(session);
        if (typeof answer !== 'number') return answer;
        if (attempt === ATTEMPTS) throw new LoadProblem('the server asked to wait with tickets for too long');
        await sleep(answer * 1_000);
      }
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  /** A number: ask again in so many seconds. */
  async #ask(session: string | null): Promise<Grant | number> {
    let response: Response;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(session === null ? {} : { session }),
      });
    } catch (error) {
      throw new LoadProblem(`no ticket: ${causeOf(error)}`);
    }
    const body: unknown = await response.json().catch(() => null);
    if (response.status === 429) return waitS(response.headers.get('retry-after'));
    if (isGrant(body)) return body;
    throw new LoadProblem(`no ticket: HTTP ${response.status}`);
  }
}

function waitS(header: string | null): number {
  const seconds = Number(header ?? USUAL_WAIT_S);
  return seconds > 0 && seconds <= 60 ? seconds : USUAL_WAIT_S;
}

function isGrant(body: unknown): body is Grant {
  if (body === null || typeof body !== 'object') return false;
  const { ticket, session } = body as Partial<Record<keyof Grant, unknown>>;
  return typeof ticket === 'string' && typeof session === 'string';
}
