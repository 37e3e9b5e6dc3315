import { evenZones, type ZoneTree } from '@lifeverse/contracts';
import { ConfigurationError, integer, type OptionValues } from '@lifeverse/node-kit';
import type { ServedWorld } from '@lifeverse/world';

const ZONES_MAX = 64;

/** In how many zones the world of a cluster is. */
export const zonesOption = integer({
  min: 1,
  max: ZONES_MAX,
  default: 1,
  sentence: 'Zones that the world is cut into, of equal areas; the same for all zones and gateways of a cluster.',
});

export const zoneOption = integer({
  min: 1,
  max: ZONES_MAX,
  default: 1,
  sentence: 'Which of the zones this server owns.',
});

/** Which zone has which cells: every process of a cluster comes to the same. */
export function zoneShares({ world }: ServedWorld, zones: number): ZoneTree {
  const { layout, map } = world;
  const cells = (mm: number): number => Math.ceil(mm / (layout.cellSizeM * 1_000));
  const [columns, rows] = [cells(map.widthMm), cells(map.heightMm)];
  if (columns * rows < zones)
    throw new ConfigurationError(
      `The world has ${columns * rows} cells of ${layout.cellSizeM} m: too few for ${zones} zones. Say fewer --zones, or make it larger.`,
    );
  return evenZones(zones, columns, rows);
}

export function checkZone({ zone, zones }: OptionValues<{ zone: typeof zoneOption; zones: typeof zonesOption }>): void {
  if (zone > zones)
    throw new ConfigurationError(`There is no zone ${zone} among ${zones}: say a lower --zone, or more --zones.`);
}
