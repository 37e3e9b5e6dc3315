import { evenZones, type WorldCells, type ZoneTree } from '@lifeverse/contracts';
import { ConfigurationError, integer } from '@lifeverse/node-kit';
import type { ServedWorld } from '@lifeverse/world';

const ZONES_MAX = 64;

/** In how many zones the world of a cluster is at first. */
export const zonesOption = integer({
  min: 1,
  max: ZONES_MAX,
  default: 1,
  sentence:
    'Zones that the world is cut into at its first start, of equal areas; what comes later, "lifeverse zones" says.',
});

/** How many cells a world has. */
export function cellsOf({ world }: ServedWorld): WorldCells {
  const { layout, map } = world;
  const cells = (mm: number): number => Math.ceil(mm / (layout.cellSizeM * 1_000));
  return { columns: cells(map.widthMm), rows: cells(map.heightMm) };
}

/** Which zone has which cells at first. */
export function zoneShares(served: ServedWorld, zones: number): ZoneTree {
  const { columns, rows } = cellsOf(served);
  const { layout } = served.world;
  if (columns * rows < zones)
    throw new ConfigurationError(
      `The world has ${columns * rows} cells of ${layout.cellSizeM} m: too few for ${zones} zones. Say fewer --zones, or make it larger.`,
    );
  return evenZones(zones, columns, rows);
}
