import {
  bool,
  choice,
  defineWorld,
  entityRef,
  heading,
  owned,
  TileMap,
  text,
  uint,
  vec2,
  type World,
  type WorldDefinition,
  walker,
} from '@lifeverse/definition';

const TICK_HZ = 20;
const RUN_MPS = 6;
const TILE_M = 2;
/** Every so many tiles stands a pillar of two by two. */
const PILLAR_EVERY = 6;

function pillars(areaM2: number): TileMap {
  const side = Math.max(8, Math.ceil(Math.sqrt(areaM2) / TILE_M));
  const solid: number[] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (row % PILLAR_EVERY < 2 && column % PILLAR_EVERY < 2) solid.push(row * side + column);
    }
  }
  return new TileMap({ tileM: TILE_M, columns: side, rows: side, solid, spawns: [3 * side + 3] });
}

const define = (areaM2: number) =>
  ({
    name: 'yard',
    tickHz: TICK_HZ,
    cellSizeM: 32,
    map: pillars(areaM2),
    audiences: ['shade'],
    components: {
      position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: RUN_MPS }),
      name: text({ maxBytes: 32 }),
      mood: choice('calm', 'merry', 'tired'),
      purse: owned(uint({ max: 1_000_000 })),
    },
    commands: {
      walk: {
        input: { towards: heading(), pace: choice('stand', 'walk', 'run') },
        predict: walker({ tickHz: TICK_HZ, radiusM: 0.3, paceMps: { stand: 0, walk: 1.5, run: RUN_MPS } }),
      },
      wave: { input: { at: entityRef({ withinM: 12 }) } },
      say: { input: { text: text({ maxBytes: 64 }) } },
      /** Into the shade, and out again: whoever is in it is seen only by those who are, or who peer into it. */
      hide: { input: { on: bool() } },
      peer: { input: { on: bool() } },
      leap: { input: {} },
    },
    effects: { cheered: {} },
    events: { speech: { text: text({ maxBytes: 64 }) } },
  }) as const satisfies WorldDefinition;

export type YardDefinition = ReturnType<typeof define>;
export type Yard = World<YardDefinition>;

/** A place among pillars that uses all that a world may have: what the other worlds leave out is tried here. */
export function yard(options: { readonly areaM2: number }): Yard {
  return defineWorld(define(options.areaM2));
}
