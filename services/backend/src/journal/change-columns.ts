import { boolArray, int4Array, int8Array, textArray, uuidArray } from './binary-array.ts';
import type { Change, EntryRow } from './change.ts';

/** The arguments of `journal_write`, in its order: one array a column. */
export function changeColumns(change: Change): Buffer[] {
  const { fences, operations, moves, refunds, checks } = change;
  const { first, further } = parted(change);
  return [
    int8Array(fences.map(({ zone }) => zone)),
    int8Array(fences.map(({ epoch }) => epoch)),
    int8Array(operations.map(({ id }) => id)),
    int8Array(operations.map(({ holder }) => holder)),
    uuidArray(operations.map(({ key }) => key)),
    textArray(operations.map(({ kind }) => kind)),
    textArray(operations.map(({ refused }) => refused)),
    uuidArray(operations.map(({ hash }) => hash)),
    ...entryColumns(first),
    int8Array(further.map(({ operation }) => operation)),
    ...entryColumns(further),
    ...accountColumns(change),
    int8Array(moves.map(({ operation }) => operation)),
    int8Array(moves.map(({ item }) => item)),
    int8Array(moves.map(({ from }) => from)),
    int8Array(moves.map(({ to }) => to)),
    ...itemColumns(change),
    ...tradeColumns(change),
    int8Array(refunds.map(({ of }) => of)),
    int8Array(refunds.map(({ by }) => by)),
    int8Array(checks.accounts.map(({ holder }) => holder)),
    textArray(checks.accounts.map(({ currency }) => currency)),
    int8Array(checks.accounts.map(({ version }) => version)),
    int8Array(checks.items.map(({ id }) => id)),
    int8Array(checks.items.map(({ holder }) => holder)),
    uuidArray(checks.trades.map(({ id }) => uuidBytes(id))),
    int8Array(checks.trades.map(({ version }) => version)),
  ];
}

/** The first entry of each operation goes into its row. */
function parted({ operations, entries }: Change): { first: (EntryRow | undefined)[]; further: EntryRow[] } {
  const byOperation = new Map<number, EntryRow>();
  const further: EntryRow[] = [];
  for (const entry of entries) {
    if (byOperation.has(entry.operation)) further.push(entry);
    else byOperation.set(entry.operation, entry);
  }
  return { first: operations.map(({ id }) => byOperation.get(id)), further };
}

function entryColumns(entries: readonly (EntryRow | undefined)[]): Buffer[] {
  return [
    int8Array(entries.map((entry) => entry?.from ?? null)),
    int8Array(entries.map((entry) => entry?.to ?? null)),
    int8Array(entries.map((entry) => entry?.amount ?? null)),
    int8Array(entries.map((entry) => entry?.fromBalance ?? null)),
    int8Array(entries.map((entry) => entry?.toBalance ?? null)),
    int8Array(entries.map((entry) => entry?.fromWas ?? null)),
    int8Array(entries.map((entry) => entry?.toWas ?? null)),
    textArray(entries.map((entry) => entry?.currency ?? null)),
  ];
}

function accountColumns({ accounts }: Change): Buffer[] {
  const old = accounts.filter(({ was }) => was > 0);
  const fresh = old.length === accounts.length ? [] : accounts.filter(({ was }) => was === 0);
  return [
    int8Array(old.map(({ holder }) => holder)),
    textArray(old.map(({ currency }) => currency)),
    int8Array(old.map(({ amount }) => amount)),
    int8Array(old.map(({ was }) => was)),
    int8Array(old.map(({ version }) => version)),
    int8Array(fresh.map(({ holder }) => holder)),
    textArray(fresh.map(({ currency }) => currency)),
    int8Array(fresh.map(({ amount }) => amount)),
    int8Array(fresh.map(({ version }) => version)),
    boolArray(fresh.map(({ mayOwe }) => mayOwe)),
  ];
}

function itemColumns({ items }: Change): Buffer[] {
  const old = items.filter(({ was }) => was !== null);
  const fresh = items.filter(({ was }) => was === null);
  return [
    int8Array(old.map(({ id }) => id)),
    int8Array(old.map(({ holder }) => holder)),
    int8Array(old.map(({ was }) => was as number)),
    int4Array(old.map(({ xMm }) => xMm)),
    int4Array(old.map(({ yMm }) => yMm)),
    int8Array(fresh.map(({ id }) => id)),
    textArray(fresh.map(({ kind }) => kind)),
    int8Array(fresh.map(({ holder }) => holder)),
    int4Array(fresh.map(({ xMm }) => xMm)),
    int4Array(fresh.map(({ yMm }) => yMm)),
  ];
}

function tradeColumns({ trades }: Change): Buffer[] {
  const old = trades.filter(({ was }) => was > 0);
  const fresh = trades.filter(({ was }) => was === 0);
  return [
    uuidArray(old.map(({ id }) => uuidBytes(id))),
    int4Array(old.map(({ offer }) => offer)),
    textArray(old.map(({ oneGives }) => JSON.stringify(oneGives))),
    textArray(old.map(({ otherGives }) => JSON.stringify(otherGives))),
    boolArray(old.map(({ oneAccepts }) => oneAccepts)),
    boolArray(old.map(({ otherAccepts }) => otherAccepts)),
    textArray(old.map(({ state }) => state)),
    int8Array(old.map(({ was }) => was)),
    int8Array(old.map(({ version }) => version)),
    uuidArray(fresh.map(({ id }) => uuidBytes(id))),
    int8Array(fresh.map(({ one }) => one)),
    int8Array(fresh.map(({ other }) => other)),
    textArray(fresh.map(({ oneGives }) => JSON.stringify(oneGives))),
    textArray(fresh.map(({ otherGives }) => JSON.stringify(otherGives))),
    boolArray(fresh.map(({ oneAccepts }) => oneAccepts)),
    boolArray(fresh.map(({ otherAccepts }) => otherAccepts)),
    int4Array(fresh.map(({ offer }) => offer)),
    textArray(fresh.map(({ state }) => state)),
    int8Array(fresh.map(({ version }) => version)),
  ];
}

export const uuidBytes = (text: string): Buffer => Buffer.from(text.replaceAll('-', ''), 'hex');
