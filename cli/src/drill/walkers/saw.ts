import type { PlayerRecord } from './record.ts';

/** What players' applications were told of it, and the sentences that they were given for them. */
export function sawOnScreens(records: readonly PlayerRecord[]): string {
  const lost = records.reduce((sum, { lostMs }) => sum + lostMs.length, 0);
  if (lost === 0) return 'No screen said anything of it.';
  const counts = new Map<string, number>();
  for (const { says } of records.flatMap(({ screens }) => screens)) counts.set(says, (counts.get(says) ?? 0) + 1);
  const read = [...counts].map(([says, count]) => `“${says}” (${count} times)`);
  const sentence = read.length === 0 ? '' : ` They read ${read.join(', ')}.`;
  return `${lost} times a player was told that the connection is lost, and came back by itself.${sentence}`;
}
