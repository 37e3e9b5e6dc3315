import { setTimeout as sleep } from 'node:timers/promises';
import { apiHeaders } from '@lifeverse/contracts';
import { foundOperatorToken } from '../operator/operator-token.ts';
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
/** Who waits in line asks up to so much later than told. */
const LATER_SHARE = 0.25;

/** To be asked again then; `place`: in the waiting room, null when there was none to be had. */
interface Patience {
  readonly waitMs: number;
  readonly place: string | null;
}

/** Fetches tickets to join with, a bounded number at once. */
export class TicketDesk {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #queue: (() => void)[] = [];
  readonly #atOnce: number;
  #busy = 0;
  /** Answers that said to wait in line. */
  waits = 0;

  /** With an operator's token many may come from here: one that is given, or that a server on this machine has left. */
  constructor(server: URL, operatorToken: string | null = foundOperatorToken(server), atOnce = AT_ONCE) {
    this.#atOnce = atOnce;
    this.#url = new URL('api/tickets', server);
    const operator = operatorToken === null ? {} : { [apiHeaders.operator]: operatorToken };
    this.#headers = { 'content-type': 'application/json', ...operator };
  }

  /** Rejects with a LoadProblem. */
  async ticket(session: string | null): Promise<Grant> {
    let place: string | null = null;
    for (let attempt = 1; ; attempt++) {
      const answer: Grant | Patience = await this.#inTurn(() => this.#ask(session, place));
      if ('ticket' in answer) return answer;
      if (attempt === ATTEMPTS) throw new LoadProblem('the server asked to wait with tickets for too long');
      place = answer.place ?? place;
      await sleep(answer.waitMs);
    }
  }

  /** Who waits in line holds up nobody who asks. */
  async #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#atOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#busy++;
    try {
      return await ask();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  async #ask(session: string | null, place: string | null): Promise<Grant | Patience> {
    let response: Response;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify({ ...(session === null ? {} : { session }), ...(place === null ? {} : { place }) }),
      });
    } catch (error) {
      throw new LoadProblem(`no ticket: ${causeOf(error)}`);
    }
    const body: unknown = await response.json().catch(() => null);
    if (response.status === 429) return { waitMs: waitS(response.headers.get('retry-after')) * 1_000, place: null };
    if (response.status === 202 && isWaiting(body)) {
      this.waits++;
      return { waitMs: body.retryAfterMs * (1 + Math.random() * LATER_SHARE), place: body.place };
    }
    if (isGrant(body)) return body;
    throw new LoadProblem(`no ticket: HTTP ${response.status}`);
  }
}

function waitS(header: string | null): number {
  const seconds = Number(header ?? USUAL_WAIT_S);
  return seconds > 0 && seconds <= 60 ? seconds : USUAL_WAIT_S;
}

function isWaiting(body: unknown): body is { readonly place: string; readonly retryAfterMs: number } {
  if (body === null || typeof body !== 'object') return false;
  const { place, retryAfterMs } = body as { place?: unknown; retryAfterMs?: unknown };
  return typeof place === 'string' && typeof retryAfterMs === 'number';
}

function isGrant(body: unknown): body is Grant {
  if (body === null || typeof body !== 'object') return false;
  const { ticket, session } = body as Partial<Record<keyof Grant, unknown>>;
  return typeof ticket === 'string' && typeof session === 'string';
}
