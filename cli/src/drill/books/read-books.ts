import { setTimeout as sleep } from 'node:timers/promises';
import { type Durable, readDurable } from '@lifeverse/backend/journal';
import { openDatabase } from '@lifeverse/node-kit';
import { type Evidence, type Judgement, judge } from './judge.ts';

export interface Books {
  readonly durable: Durable;
  /** By the name of their player. */
  readonly characters: ReadonlyMap<string, string>;
}

/** What players are shown comes a moment behind what they are told. */
const SHOWN_MS = 10_000;
const READ_AGAIN_MS = 200;

/** What is durable in a database of a world. */
export async function readBooks(databaseUrl: string): Promise<Books> {
  const database = openDatabase({ url: databaseUrl, maxConnections: 1, name: 'lifeverse drill' });
  try {
    const durable = await readDurable(database);
    const rows = await database.query<{ name: string; id: string }>('SELECT name, id::text FROM characters');
    return { durable, characters: new Map(rows.map(({ name, id }) => [name, id])) };
  } finally {
    await database.close();
  }
}

/** When everyone is shown what they have, or it is clear that somebody is not. Rejects when the signal is aborted. */
export async function settledEvidence(read: () => Promise<Evidence>, signal: AbortSignal): Promise<Evidence> {
  const fromMs = performance.now();
  for (;;) {
    const evidence = await read();
    if (sentencesOf(judge(evidence)).length === 0 || performance.now() - fromMs > SHOWN_MS) return evidence;
    await sleep(READ_AGAIN_MS, undefined, { signal });
  }
}

export function sentencesOf({ lost, doubled, wrong }: Judgement): string[] {
  return [...lost, ...doubled, ...wrong];
}

/** As text that a person can look into: keys in hex. */
export function booksInJson({ characters, shown, durable }: Evidence): string {
  const flat = { ...durable, holders: Object.fromEntries(durable.holders) };
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  return JSON.stringify({ characters: Object.fromEntries(characters), shown, durable: flat }, plain);
}
