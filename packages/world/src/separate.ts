import type { WorldDefinition } from '@lifeverse/definition';
import { type System, system } from './serve.ts';

/**
 * Keeps entities from standing in one another: each moves itself away from those nearer than twice `radiusM`, by
 * `strength` (0..1) of the overlap, every other tick.
 */
export function separate<D extends WorldDefinition>(options: {
  radiusM: number;
  strength: number;
  every?: number;
}): System<D> {
  const reachM = options.radiusM * 2;
  return system<D>({ every: options.every ?? 2 }, ({ self, near, random }) => {
    let dx = 0;
    let dy = 0;
    const own = self.position;
    for (const other of near(reachM)) {
      const at = other.position;
      const apart = Math.sqrt((own.x - at.x) * (own.x - at.x) + (own.y - at.y) * (own.y - at.y));
      const overlap = reachM - apart;
      if (overlap <= 0) continue;
      if (apart < 0.001) {
        dx += random.between(-overlap, overlap);
        dy += random.between(-overlap, overlap);
      } else {
        dx += ((own.x - at.x) / apart) * overlap;
        dy += ((own.y - at.y) / apart) * overlap;
      }
    }
    if (dx * dx + dy * dy > 0.0004) self.push(dx * options.strength, dy * options.strength);
  });
}
