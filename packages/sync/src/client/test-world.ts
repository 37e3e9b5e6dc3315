import {
  choice,
  defineWorld,
  entityRef,
  heading,
  owned,
  TileMap,
  text,
  uint,
  vec2,
  walker,
} from '@lifeverse/definition';

const TICK_HZ = 20;
/** 20 by 20 metres, with some walls in it. */
const walls = [84, 85, 86, 126, 146, 166, 250, 251, 271];

/** A world for tests: to walk in, to talk in. */
export const testWorld = defineWorld({
  name: 'example',
  tickHz: TICK_HZ,
  cellSizeM: 8,
  map: new TileMap({ tileM: 1, columns: 20, rows: 20, solid: walls }),
  audiences: ['owls'],
  components: {
    position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: 6 }),
    mood: choice('calm', 'merry', 'tired'),
    purse: owned(uint({ max: 1_000 })),
  },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('run', 'walk', 'stand') },
      predict: walker({ tickHz: TICK_HZ, radiusM: 0.3, paceMps: { run: 6, walk: 1.4, stand: 0 } }),
    },
    say: { input: { text: text({ maxBytes: 60 }) } },
    wave: { input: { at: entityRef() } },
  },
  events: { speech: { text: text({ maxBytes: 60 }) } },
});
