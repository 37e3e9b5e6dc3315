import { limits } from '@lifeverse/protocol';
import { bool, type EntityId, entityRef, type Field, items, owned, text, uint } from './field.ts';

const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;
const STAKE_ITEMS = 16;
const VERSION_MAX = 2_147_483_647;

type Kinds = readonly [string, ...string[]];
type Things<K extends Kinds> = Field<readonly { readonly id: number; readonly kind: K[number] }[]>;

/**
 * What a player has and what lies on the table of a trade, for the owner alone: components to be spread into a world's.
 * `kinds`: what items there can be.
 */
export function belongings<const K extends Kinds>(options: { readonly kinds: K }) {
  const { kinds } = options;
  const laid = (): Things<K> => owned(items({ kinds, most: STAKE_ITEMS }));
  const money = (): Field<number> => owned(uint({ max: AMOUNT_MAX }));
  return {
    purse: money(),
    items: owned(items({ kinds, most: limits.itemsInField })) as Things<K>,
    /** Nobody, 0, while no trade is open. */
    tradeWith: owned(entityRef()) as Field<EntityId>,
    tradeVersion: owned(uint({ max: VERSION_MAX })),
    tradeMine: laid(),
    tradeMineMoney: money(),
    tradeTheirs: laid(),
    tradeTheirsMoney: money(),
    tradeIAccept: owned(bool()),
    tradeTheyAccept: owned(bool()),
  };
}

/**
 * The operations on belongings that the client's SDK has methods for, to be spread into a world's. A reach is in metres;
 * `price` is what the player saw, `seen` the version of the table that they saw.
 */
export function dealings<const K extends Kinds>(options: { readonly kinds: K; readonly reachM: number }) {
  const { kinds, reachM: withinM } = options;
  const stake = { money: uint({ max: AMOUNT_MAX }), items: items({ kinds, most: STAKE_ITEMS }) as Things<K> };
  const stall = { stall: text({ maxBytes: 64 }), price: uint({ max: AMOUNT_MAX }) };
  const seen = uint({ max: VERSION_MAX });
  const item = uint({ max: AMOUNT_MAX });
  return {
    give: { to: entityRef({ withinM }), ...stake },
    buy: { ...stall, kind: text({ maxBytes: 64 }) },
    sell: { ...stall, item },
    pickUp: { thing: entityRef({ withinM }) },
    drop: { item },
    trade: { with: entityRef({ withinM }) },
    offer: { seen, ...stake },
    accept: { seen },
    cancel: {},
  };
}
