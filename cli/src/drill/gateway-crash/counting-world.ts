import { choice, defineWorld, heading, owned, plain, text, uint, vec2, walker } from '@lifeverse/definition';
import { serve } from '@lifeverse/world';

const TICK_HZ = 20;
const NUMBER_MAX = 1_000_000_000;
const SIDE_M = 250;
/** Nobody sets out from so near to an edge that they reach it while their gateway is away. */
const MARGIN_M = 50;

/** Of the drill's world. */
export const plainM = { side: SIDE_M, margin: MARGIN_M } as const;
export const walkMps = 3;

/**
 * A plain on which every input is counted for its player, who alone sees the count: so a player can tell that what was
 * acknowledged was done, and done once. The drill starts it as a world of one's own.
 */
const world = defineWorld({
  name: 'counting',
  tickHz: TICK_HZ,
  cellSizeM: 32,
  map: plain({ areaM2: SIDE_M * SIDE_M }),
  components: {
    position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: walkMps }),
    name: text({ maxBytes: 32 }),
    counted: owned(uint({ max: NUMBER_MAX })),
    last: owned(uint({ max: NUMBER_MAX })),
  },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: TICK_HZ, radiusM: 0.3, paceMps: { stand: 0, walk: walkMps } }),
    },
    count: { input: { number: uint({ max: NUMBER_MAX }) } },
  },
});

export default serve(world, {
  join: ({ self, guest, random }) => {
    const place = (): number => random.between(MARGIN_M, SIDE_M - MARGIN_M);
    self.name = guest.name;
    self.teleport({ x: place(), y: place() });
  },
  commands: {
    count: ({ self, input }) => {
      self.counted += 1;
      self.last = input.number;
    },
  },
});
