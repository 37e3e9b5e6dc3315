import type { WorldMap } from '@lifeverse/definition';
import type { Place } from '../avatar.ts';

const RING_MM = 500;
/** Places tried on each ring, and how far out. */
const DIRECTIONS = 16;
const FARTHEST_MM = 60_000;
const REMEMBERED = 100_000;

/** The nearest place, of those on widening rings, where a body of that half-width fits. */
export class Walkable {
  readonly #map: WorldMap;
  readonly #radiusMm: number;
  /** Of places that do not fit, by themselves: the same ones come again in every loop. */
  readonly #found = new Map<string, Readonly<Place>>();

  constructor(map: WorldMap, radiusMm: number) {
    this.#map = map;
    this.#radiusMm = radiusMm;
  }

  /** Moves the place, in millimetres, to where one can stand; leaves it when there is no such place far and wide. */
  moveInto(place: Place): void {
    place.x = Math.round(place.x);
    place.y = Math.round(place.y);
    if (this.#map.fits(place.x, place.y, this.#radiusMm)) return;
    const x = Math.round(place.x / RING_MM) * RING_MM;
    const y = Math.round(place.y / RING_MM) * RING_MM;
    const key = `${x},${y}`;
    const found = this.#found.get(key) ?? this.#search(x, y);
    if (this.#found.size < REMEMBERED) this.#found.set(key, found);
    place.x = found.x;
    place.y = found.y;
  }

  #search(x: number, y: number): Place {
    for (let radius = 0; radius <= FARTHEST_MM; radius += RING_MM) {
      for (let i = 0; i < DIRECTIONS; i++) {
        const angle = (i / DIRECTIONS) * 2 * Math.PI;
        const nearX = Math.round(x + Math.cos(angle) * radius);
        const nearY = Math.round(y + Math.sin(angle) * radius);
        if (this.#map.fits(nearX, nearY, this.#radiusMm)) return { x: nearX, y: nearY };
      }
    }
    return { x, y };
  }
}
