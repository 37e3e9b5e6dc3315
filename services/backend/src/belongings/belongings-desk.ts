import {
  type DealingsAnswer,
  type DealingsAsk,
  type DeskOutcome,
  type DeskRequest,
  type DurableOutcome,
  type DurableRequest,
  decodeDealingsAsk,
  encodeDealings,
  type Operation,
} from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable } from '@lifeverse/node-kit';
import { isErrorCode } from '@lifeverse/protocol';
import type { DeskHandler } from '../characters/desk.ts';
import { type Journal, OutcomeUnknown, openHolder } from '../journal/index.ts';
import { exchange } from './exchange.ts';
import { MarketKeeper, type StallPrices } from './market-keeper.ts';
import { readBelongings, readDecided, readGround } from './read-belongings.ts';

/** What players do among themselves and with stalls; making something out of nothing is for others. */
const PLAYERS_DO = new Set<Operation['kind']>(['give', 'buy', 'sell', 'pick-up', 'drop']);
const LATER_MS = 1_000;

/** What is put off, because nothing was decided or nobody knows. */
class PutOff extends Error {
  readonly outcome: Extract<DeskOutcome, { kind: 'later' }>;
  constructor(outcome: Extract<DeskOutcome, { kind: 'later' }>) {
    super(outcome.code);
    this.outcome = outcome;
  }
}

export interface BelongingsParts {
  readonly database: Database;
  readonly journal: Journal;
  /** Left out: what the stalls' plans say. */
  readonly prices?: StallPrices;
}

/** Answers what zones ask about belongings: by the journal, and by what is on disk. */
export function belongingsDesk(parts: BelongingsParts): DeskHandler {
  const { database, journal, prices } = parts;
  const market = new MarketKeeper(database, journal, prices ?? null);

  return async (request) => {
    const ask = decodeDealingsAsk(request.body);
    if (ask === undefined) return { kind: 'refused', code: 'request_invalid' };
    try {
      const answer = await answerTo(ask, request);
      return { kind: 'done', body: encodeDealings(answer) };
    } catch (error) {
      if (error instanceof PutOff) return error.outcome;
      if (error instanceof OutcomeUnknown) return { kind: 'later', code: 'outcome_unknown', retryMs: LATER_MS };
      if (error instanceof DatabaseUnreachable)
        return { kind: 'later', code: 'journal_unreachable', retryMs: LATER_MS };
      throw error;
    }
  };

  async function answerTo(ask: DealingsAsk, { zone, epoch }: DeskRequest): Promise<DealingsAnswer> {
    const fence = { zone, epoch };
    switch (ask.ask) {
      case 'belongings':
        return { outcome: null, belongings: await load(ask, fence) };
      case 'decided': {
        const decided = await readDecided(database, ask.holder, ask.key);
        if (decided === null) return { outcome: null, belongings: [] };
        return { outcome: outcomeOf(decided), belongings: await readBelongings(database, [ask.holder]) };
      }
      case 'operate': {
        const { holder, key, operation } = ask.request;
        if (!PLAYERS_DO.has(operation.kind)) return { outcome: { ok: false, code: 'request_invalid' }, belongings: [] };
        const outcome = await settled(journal.submit({ holder, key, operation, fence }));
        const parties = operation.kind === 'give' ? [holder, operation.to] : [holder];
        return { outcome, belongings: await afterwards(outcome, parties) };
      }
      case 'exchange': {
        const { outcome, refusedFor } = await exchange(journal, ask, fence);
        if (outcome !== null) await settled(Promise.resolve(outcome));
        return { outcome, refusedFor, belongings: await afterwards(outcome, [ask.one.holder, ask.other.holder]) };
      }
      case 'market': {
        const stocks = await market.open(ask.stalls);
        return { outcome: null, belongings: [], stocks, ground: await readGround(database) };
      }
    }
  }

  async function load(
    { holder, grants }: Extract<DealingsAsk, { ask: 'belongings' }>,
    fence: NonNullable<DurableRequest['fence']>,
  ): Promise<DealingsAnswer['belongings']> {
    await openHolder(database, holder);
    for (const { key, money, items } of grants)
      await settled(journal.submit({ holder, key, operation: { kind: 'mint', money, items }, fence }));
    return readBelongings(database, [holder]);
  }

  /** It is on disk by now: that it cannot be read back this moment changes nothing about that. */
  async function afterwards(
    outcome: DurableOutcome | null,
    parties: readonly string[],
  ): Promise<DealingsAnswer['belongings']> {
    if (outcome?.ok !== true) return [];
    return readBelongings(database, parties).catch(() => []);
  }
}

async function settled(submitted: Promise<DurableOutcome>): Promise<DurableOutcome> {
  const outcome = await submitted;
  if (!outcome.ok && outcome.retryAfterMs !== undefined)
    throw new PutOff({ kind: 'later', code: outcome.code, retryMs: outcome.retryAfterMs });
  return outcome;
}

function outcomeOf({
  operation,
  refused,
}: {
  readonly operation: number;
  readonly refused: string | null;
}): DurableOutcome {
  if (refused === null) return { ok: true, operation, balances: {}, items: [] };
  return { ok: false, code: isErrorCode(refused) ? refused : 'internal' };
}
