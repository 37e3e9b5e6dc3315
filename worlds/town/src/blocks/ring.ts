import { headingX, headingY, UNIT } from '@lifeverse/definition';
import type { Place, Site } from '../site.ts';

/** Places on a circle around a middle, looking at it; those that turn out to be built over are dropped at the end. */
export function ringOfPlaces(
  site: Site,
  middle: { readonly x: number; readonly y: number },
  radiusM: number,
  count: number,
  kind: Place['kind'],
  seats: number,
): void {
  const turn = site.random.below(1_024);
  for (let i = 0; i < count; i++) {
    const heading = (turn + Math.floor((i * 1_024) / count)) & 1_023;
    const x = middle.x + (headingX(heading) / UNIT) * radiusM;
    const y = middle.y + (headingY(heading) / UNIT) * radiusM;
    site.places.push({
      kind,
      x: Math.round(x * 10) / 10,
      y: Math.round(y * 10) / 10,
      facing: (heading + 512) & 1_023,
      seats,
    });
  }
}
