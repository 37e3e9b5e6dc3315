import type { Has, Table } from './serve.ts';

/** The components of `belongings`. */
interface Shown {
  purse: number;
  items: readonly { readonly id: number; readonly kind: string }[];
  tradeWith: number;
  tradeVersion: number;
  tradeMine: Shown['items'];
  tradeMineMoney: number;
  tradeTheirs: Shown['items'];
  tradeTheirsMoney: number;
  tradeIAccept: boolean;
  tradeTheyAccept: boolean;
}

/** Writes the components of `belongings`, in a world of one currency; `kinds`: items of others are not shown. */
export function showBelongings(
  { self, has, table }: { readonly self: object; readonly has: Has; readonly table: Table | null },
  {
    currency,
    kinds,
    most = 256,
  }: { readonly currency: string; readonly kinds: readonly string[]; readonly most?: number },
): void {
  const shown = self as Shown;
  const known = (all: Has): Shown['items'] => all.items.filter(({ kind }) => kinds.includes(kind));
  shown.purse = has.money[currency] ?? 0;
  shown.items = known(has).slice(0, most);
  shown.tradeWith = table?.with ?? 0;
  shown.tradeVersion = table?.version ?? 0;
  shown.tradeMine = table === null ? [] : known(table.mine);
  shown.tradeMineMoney = table?.mine.money[currency] ?? 0;
  shown.tradeTheirs = table === null ? [] : known(table.theirs);
  shown.tradeTheirsMoney = table?.theirs.money[currency] ?? 0;
  shown.tradeIAccept = table?.iAccept ?? false;
  shown.tradeTheyAccept = table?.theyAccept ?? false;
}
