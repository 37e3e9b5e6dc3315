import { assert } from '@lifeverse/base';
import { serve, system } from '@lifeverse/world';
import type { open } from './index.ts';

/** Found in what a browser loads, this would tell that the server's rules are on their way out. */
export const SERVER_MARKER = 'the rules of the open plain';

const HEADINGS = 1_024;
const FULL_TURN = 6.283185307179586;
/** How far a storm turns one, in 1024ths of a circle: 20 to 60 degrees, to either side. */
const STORM_LEAST = 57;
const STORM_SPREAD = 114;

type Open = ReturnType<typeof open>;

/**
 * Turns everyone who walks in every tick, 20 to 60 degrees off the heading they asked for, to alternating sides: no
 * prediction of where they will be holds for longer than a tick.
 */
const storm = system<Open['definition']>({}, ({ self, random, tick }) => {
  const { held, memory } = self;
  if (held === null || held.pace === 'stand') return;
  if (held.towards !== memory.turned) memory.asked = held.towards;
  const off = STORM_LEAST + random.below(STORM_SPREAD);
  const side = ((tick + self.id) & 1) === 0 ? off : -off;
  const towards = ((memory.asked as number) + side + HEADINGS) % HEADINGS;
  memory.turned = towards;
  self.act('walk', { towards: (towards / HEADINGS) * FULL_TURN, pace: held.pace as 'walk' | 'run' });
});

/** Everyone appears somewhere on the plain. With `storm`, the server surprises every prediction in every tick. */
export const rules = (world: Open, options: { storm?: boolean } = {}) => {
  assert(world.name === 'open', `${SERVER_MARKER} do not fit the world ${world.name}`);
  return serve(world, {
    join: ({ self, random, map }) => {
      self.teleport({ x: random.between(1, map.widthMm / 1_000 - 1), y: random.between(1, map.heightMm / 1_000 - 1) });
    },
    systems: options.storm === true ? [storm] : [],
  });
};
