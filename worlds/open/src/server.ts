import { serve, system } from '@lifeverse/world';
import type { open } from './index.ts';

/** Everyone appears somewhere on the plain. With `storm`, the server turns everyone who moves in every tick. */
export const rules = (world: ReturnType<typeof open>, options: { storm?: boolean } = {}) =>
  serve(world, {
    join: ({ self, random, map }) => {
      self.teleport({ x: random.between(1, map.widthMm / 1_000 - 1), y: random.between(1, map.heightMm / 1_000 - 1) });
    },
    systems: options.storm
      ? [
          system({}, ({ self, random }) => {
            if (self.held === null) return;
            self.act('walk', { towards: random.float() * 6.283185307179586, pace: 'run' });
          }),
        ]
      : [],
  });
