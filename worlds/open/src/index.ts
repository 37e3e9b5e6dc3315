import { choice, defineWorld, heading, plain, vec2, walker } from '@lifeverse/definition';

const TICK_HZ = 20;
const steer = walker({ tickHz: TICK_HZ, radiusM: 0.3, paceMps: { stand: 0, walk: 1.4, run: 6 } });

/** A plain of any size, for measuring: nothing in it but who walks there. */
export const open = (options: { areaM2: number }) =>
  defineWorld({
    name: 'open',
    tickHz: TICK_HZ,
    cellSizeM: 32,
    map: plain(options),
    components: {
      position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: 6 }),
    },
    commands: { walk: { input: { towards: heading(), pace: choice('stand', 'walk', 'run') }, predict: steer } },
  });
