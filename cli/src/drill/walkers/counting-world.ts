import {
  belongings,
  choice,
  defineWorld,
  entityRef,
  heading,
  kept,
  owned,
  plain,
  text,
  uint,
  vec2,
  walker,
} from '@lifeverse/definition';
import { serve, showBelongings, system } from '@lifeverse/world';

const TICK_HZ = 20;
const NUMBER_MAX = 1_000_000_000;
/** Of a plain with so much room for each that a player sees about 70 others. */
const USUAL = { sideM: 250, players: 200 } as const;
const ZONED_SIDE_M_LEAST = 160;
/** Nobody sets out from so near to an edge that they reach it while their gateway is away. */
export const marginM = 50;
/** Of the items that nobody has. */
const KINDS = ['token'] as const;
const STARTING_COINS = 1_000_000;
const STARTING_KEY = 'counting-coins-1';
const GIFT_MOST = 1_000;
const TOIL_MS_MOST = 1_000;

export const cellSizeM = 32;
export const walkMps = 3;
export const currency = 'coin';

/** Of the plain for so many: they stand no denser than usual. */
export function sideMFor(players: number): number {
  return Math.ceil(USUAL.sideM * Math.sqrt(Math.max(1, players / USUAL.players)));
}

/** Of one that is cut into zones: with room for several, and where few meet as well. */
export function zonedSideMFor(players: number): number {
  return Math.ceil(Math.max(ZONED_SIDE_M_LEAST, USUAL.sideM * Math.sqrt(players / USUAL.players)));
}

export type Counting = ReturnType<typeof counting>;

/**
 * A plain on which every input is counted for its player, who alone sees the count: so a player can tell that what was
 * acknowledged was done, and done once. Coins can be given from any place to any other: something that is to last. The drill
 * starts it as a world of one's own.
 */
export function counting(sideM: number) {
  return serve(countingWorld(sideM), {
    join: ({ self, guest, random }) => {
      const place = (): number => random.between(marginM, sideM - marginM);
      self.name = guest.name;
      self.teleport({ x: place(), y: place() });
    },
    commands: {
      count: ({ self, input }) => {
        self.counted += 1;
        self.last = input.number;
      },
      toil: ({ self, input }) => {
        self.toils = input.ms;
      },
    },
    systems: [toiling],
    operations: {
      give: ({ to, input }) => ({ do: 'give', to, gives: { money: { [currency]: input.money }, items: [] } }),
    },
    belongings: {
      grants: [{ key: new TextEncoder().encode(STARTING_KEY), money: { [currency]: STARTING_COINS }, items: [] }],
      stalls: [],
      thing: { kind: 'thing', components: () => null },
      tradeReachM: 1,
      show: (moment) => showBelongings(moment, { currency, kinds: KINDS }),
    },
  });
}

/** Rules that take their time: so much of it in every tick, for whoever asked for it. */
const toiling = system<CountingDefinition>({}, ({ self }) => {
  const untilMs = performance.now() + self.toils;
  while (performance.now() < untilMs);
});

type CountingDefinition = ReturnType<typeof countingWorld>['definition'];

function countingWorld(sideM: number) {
  return defineWorld({
    name: 'counting',
    tickHz: TICK_HZ,
    cellSizeM,
    map: plain({ areaM2: sideM * sideM }),
    components: {
      position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: walkMps }),
      name: text({ maxBytes: 32 }),
      counted: kept(owned(uint({ max: NUMBER_MAX }))),
      last: kept(owned(uint({ max: NUMBER_MAX }))),
      toils: owned(uint({ max: TOIL_MS_MOST })),
      ...belongings({ kinds: KINDS }),
    },
    commands: {
      walk: {
        input: { towards: heading(), pace: choice('stand', 'walk') },
        predict: walker({ tickHz: TICK_HZ, radiusM: 0.3, paceMps: { stand: 0, walk: walkMps } }),
      },
      count: { input: { number: uint({ max: NUMBER_MAX }) } },
      toil: { input: { ms: uint({ max: TOIL_MS_MOST }) } },
    },
    operations: { give: { to: entityRef({ withinM: 2 * sideM }), money: uint({ max: GIFT_MOST }) } },
  });
}

export default counting(USUAL.sideM);
