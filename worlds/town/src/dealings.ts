import {
  type BelongingsRules,
  type Has,
  type OperationMoment,
  type Rules,
  type Stake,
  type StallPlan,
  showBelongings,
} from '@lifeverse/world';
import type { TownDefinition } from './index.ts';
import { CURRENCY, distanceToStall, prices, STALL_REACH_M, type Stall, WARES, type Ware } from './market.ts';

/** What everyone gets once, to begin with. */
const STARTING_COINS = 50;
const STARTING_KEY = 'starting-coins-1';
/** What a stall has of each of its wares when it is full, and the coins in its till. */
const STOCK = 12;
const TILL = 200;
/** As much as one can carry. */
const CARRIED_MOST = 40;
/** Two who trade stay as near as this, metres. */
const TRADE_REACH_M = 6;

type Operations = NonNullable<Rules<TownDefinition>['operations']>;

/** What players do with what they have: among themselves, with the ground, with stalls. */
export function dealingsAt(stalls: readonly Stall[]): Operations {
  const byName = new Map(stalls.map((stall) => [stall.name, stall]));
  const reached = (moment: OperationMoment<TownDefinition, 'buy' | 'sell'>): Stall => {
    const stall = byName.get(moment.input.stall) ?? moment.refuse('target_unknown');
    if (distanceToStall(stall, moment.self.position) > STALL_REACH_M) moment.refuse('out_of_reach');
    return stall;
  };
  return {
    give: ({ to, input, refuse }) => {
      if (to.kind !== 'player') refuse('target_unknown');
      const gives = stakeOf(input);
      if (input.money === 0 && input.items.length === 0) refuse('request_invalid');
      return { do: 'give', to, gives };
    },
    buy: (moment) => {
      const { input, has, refuse } = moment;
      const { name, wares } = reached(moment);
      if (!wares.includes(input.kind as Ware)) refuse('not_for_sale');
      carries(has, refuse);
      return { do: 'buy', stall: name, kind: input.kind, price: input.price };
    },
    sell: (moment) => {
      const { input, has, refuse } = moment;
      const { name, wares } = reached(moment);
      const item = has.items.find(({ id }) => id === input.item) ?? refuse('item_not_yours');
      if (!wares.includes(item.kind as Ware)) refuse('not_for_sale');
      return { do: 'sell', stall: name, item: input.item, price: input.price };
    },
    pickUp: ({ thing, has, refuse }) => {
      carries(has, refuse);
      return { do: 'pick up', thing };
    },
    drop: ({ input }) => ({ do: 'drop', item: input.item }),
    trade: (moment) => {
      if (moment.with.kind !== 'player') moment.refuse('target_unknown');
      return { do: 'trade', with: moment.with };
    },
    offer: ({ input }) => ({ do: 'offer', seen: input.seen, gives: stakeOf(input) }),
    accept: ({ input }) => ({ do: 'accept', seen: input.seen }),
    cancel: () => ({ do: 'cancel' }),
  };
}

/** What players have, and how the town shows it. */
export function belongingsAt(stalls: readonly Stall[]): BelongingsRules<TownDefinition> {
  return {
    grants: [{ key: new TextEncoder().encode(STARTING_KEY), money: { [CURRENCY]: STARTING_COINS }, items: [] }],
    stalls: stalls.map(planOf),
    tradeReachM: TRADE_REACH_M,
    thing: {
      kind: 'thing',
      components: ({ kind }) => (WARES.includes(kind as Ware) ? { ware: kind as Ware, name: kind } : null),
    },
    show: (moment) => showBelongings(moment, { currency: CURRENCY, kinds: WARES }),
  };
}

function planOf({ name, wares }: Stall): StallPlan {
  return {
    name,
    currency: CURRENCY,
    till: TILL,
    wares: wares.map((kind) => ({ kind, ...prices[kind], stock: STOCK })),
  };
}

function stakeOf({
  money,
  items,
}: {
  readonly money: number;
  readonly items: readonly { readonly id: number }[];
}): Stake {
  return { money: money === 0 ? {} : { [CURRENCY]: money }, items: items.map(({ id }) => id) };
}

function carries(has: Has, refuse: OperationMoment<TownDefinition, 'buy'>['refuse']): void {
  if (has.items.length >= CARRIED_MOST) refuse('carry_full');
}
