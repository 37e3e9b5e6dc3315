import { MemoryDesk } from '@lifeverse/backend/memory-desk';
import type { Traveller } from '@lifeverse/world/between-zones';
import { describe, expect, it } from 'vitest';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import { Tally } from '../report/tally.ts';
import { yard } from '../worlds/yard.ts';
import { KeepingCheck } from './keeping-check.ts';
import { placeOnTheWay, wayTicks } from './way.ts';

const world = yard({ areaM2: 40_000 });
const ANN = 'ann';
const at = { x: 9_000, y: 9_000 };
const held = { towards: 0, pace: 'run' };

/** A zone that has her there, as far as the check looks. */
const zoneWith = (x: number, y: number): ZoneProcess =>
  ({ zone: 2, core: { store: { rowOf: () => 0, x: [x], y: [y] } } }) as unknown as ZoneProcess;

/** She left her zone for another, in which she was never seen at the end of a tick, and stands there anew. */
function cameBackTo(x: number, y: number): void {
  const check = new KeepingCheck({ characters: new MemoryDesk({ everybody: true }) }, world, new Tally());
  check.made(1, ANN, null);
  check.ticked(zoneWith(at.x, at.y), 10);
  check.made(2, ANN, { at, held } as unknown as Traveller);
  check.ticked(zoneWith(x, y), 20);
}

describe('who came from another zone and left in the same tick', () => {
  it('may come back to where the ticks of the way had brought them', () => {
    for (let ticks = 0; ticks <= wayTicks(world); ticks++) {
      const { x, y } = placeOnTheWay(world, { at, held }, ticks, 256);
      expect(() => cameBackTo(x, y)).not.toThrow();
    }
    expect(placeOnTheWay(world, { at, held }, wayTicks(world), 256).x).toBeGreaterThan(at.x + 1_000);
  });

  it('comes back nowhere else', () => {
    expect(() => cameBackTo(at.x - 1_500, at.y)).toThrow('stands at');
  });
});
