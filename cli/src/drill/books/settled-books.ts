import type { Settled } from '../report/course.ts';
import { currency } from '../walkers/counting-world.ts';
import type { Crowd } from '../walkers/crowd.ts';
import type { Deal } from '../walkers/record.ts';
import type { Evidence } from './judge.ts';
import { readBooks, settledEvidence } from './read-books.ts';

/** What players asked for, and what is durable of it. */
export interface SettledBooks {
  readonly deals: readonly Deal[];
  readonly books: Omit<Evidence, 'asked'>;
}

/** Once all that was asked for is decided, and everyone is shown what they have. Players ask for nothing more. */
export async function settledBooks(crowd: Crowd, databaseUrl: string, signal: AbortSignal): Promise<SettledBooks> {
  const { players } = crowd;
  for (const { giver } of players) giver.rest();
  await crowd.everyone(({ giver }) => giver.idle, 'be answered all that they asked for');
  const deals = players.flatMap((player) => player.deals);
  const read = async () => {
    const shown = players.map((player) => player.shown);
    return { ...(await readBooks(databaseUrl)), shown, currency, asked: deals };
  };
  const { asked: _asked, ...books } = await settledEvidence(read, signal);
  return { books, deals };
}

/** For the timeline: what became of coins that were to be given. */
export function coinsOf(deals: readonly Deal[], endMs: number): Settled[] {
  return deals.flatMap((deal) => settledOf(deal, endMs));
}

function settledOf({ askedMs, answeredMs, outcome, refusals }: Deal, endMs: number): Settled[] {
  const refused = refusals.map(({ atMs }): Settled => ({ atMs, outcome: 'refused' }));
  if (outcome === null || answeredMs > endMs) return [...refused, { atMs: askedMs, outcome: 'unknown' }];
  return outcome.ok ? [...refused, { atMs: answeredMs, outcome: 'done' }] : refused;
}
