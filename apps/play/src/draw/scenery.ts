import { OUTSKIRTS_M, townDecor } from '@lifeverse/town/decor';
import { townGround, WATER } from './town-ground.ts';
import type { Scenery, Subject } from './world-painter.ts';

/** How far beyond a plain's edge one sees, metres. */
const PLAIN_RIM_M = 8;

export function sceneryOf(subject: Subject): Scenery {
  if (subject.kind === 'plain') {
    const extent = { x: -PLAIN_RIM_M, y: -PLAIN_RIM_M, w: subject.w + 2 * PLAIN_RIM_M, h: subject.h + 2 * PLAIN_RIM_M };
    return { extent, trees: [], smoke: [], fountains: [], water: () => false };
  }
  const decor = townDecor(subject.options);
  const groundAt = townGround(decor);
  const side = decor.side + 2 * OUTSKIRTS_M;
  return {
    extent: { x: -OUTSKIRTS_M, y: -OUTSKIRTS_M, w: side, h: side },
    trees: decor.trees,
    smoke: decor.smoke,
    fountains: decor.fountains,
    water: (x, y) => groundAt(Math.floor(x), Math.floor(y)) === WATER,
  };
}
