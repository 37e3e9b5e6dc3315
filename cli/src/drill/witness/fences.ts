import type { Heard } from '../walkers/record.ts';
import type { DeskAsk } from './desk-log.ts';
import type { Stray } from './owner-log.ts';
import type { Write } from './write-witness.ts';

/** A gateway passes a bundle on at once; witness and players hear it at about the same time. */
export const STRAY_MS = { before: 250, after: 2_000 } as const;

/** Messages that somebody heard with bytes in them that an owner said who was none any more. A sentence for each. */
export function staleHeard(strays: readonly Stray[], heard: readonly Heard[]): string[] {
  return strays.flatMap(({ zone, epoch, newest, atMs, pieces }) => {
    const then = heard.filter((one) => one.atMs >= atMs - STRAY_MS.before && one.atMs <= atMs + STRAY_MS.after);
    const stale = then.filter(({ bytes }) => pieces.some((piece) => Buffer.from(bytes).includes(Buffer.from(piece))));
    return stale.map(({ name }) => `${name} heard zone ${zone} by its epoch ${epoch}, which had ${newest} by then`);
  });
}

/** What was committed for an owner who was none any more. A sentence for each. */
export function staleWrites(writes: readonly Write[], asked: readonly DeskAsk[]): string[] {
  const newest = new Map<number, number>();
  const asks = new Map<string, DeskAsk[]>();
  for (const ask of asked) asks.set(ask.key, [...(asks.get(ask.key) ?? []), ask]);
  return writes
    .toSorted((a, b) => a.order - b.order)
    .flatMap((write) => {
      if (write.kind === 'taken') newest.set(write.zone, write.epoch);
      if (write.kind === 'checkpoint' && write.epoch < write.newest)
        return [`a checkpoint was kept for zone ${write.zone} by epoch ${write.epoch}, which had ${write.newest}`];
      if (write.kind !== 'operation') return [];
      const by = asks.get(write.key) ?? [];
      const isStale = by.length > 0 && by.every(({ zone, epoch }) => epoch < (newest.get(zone) ?? 0));
      return isStale ? [`the operation ${write.key} was done for an owner who was none any more`] : [];
    });
}
