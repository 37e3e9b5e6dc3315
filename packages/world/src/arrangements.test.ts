import { firstArrangement, type ZoneArrangement, type ZoneTree } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { TestZone } from './test-zone.ts';

const whole: ZoneTree = { zone: 1 };
const halves: ZoneTree = { axis: 'y', at: 4, low: { zone: 1 }, high: { zone: 2 } };
const split: ZoneArrangement = { generation: 2, zones: halves, former: whole };

/** Zones that hear each other before their next ticks, as long as they are in the map. */
class Realm {
  readonly zones = new Map<number, TestZone>();
  tick = 0;
  #said: { readonly zone: number; readonly bytes: Uint8Array }[] = [];

  open(zone: number, arrangement: ZoneArrangement, epoch = zone): TestZone {
    const toZone = (to: number, bytes: Uint8Array): void => void this.#said.push({ zone: to, bytes: bytes.slice() });
    const opened = new TestZone({}, { zone, epoch, seed: zone, arrangement, toZone });
    opened.tick = this.tick;
    this.zones.set(zone, opened);
    return opened;
  }

  tell(arrangement: ZoneArrangement): void {
    for (const { zone } of this.zones.values()) zone.rearrange(arrangement);
  }

  run(ticks: number): void {
    for (let i = 0; i < ticks; i++) {
      this.tick++;
      for (const zone of this.zones.values()) zone.run();
      for (const { zone, bytes } of this.#said.splice(0)) {
        const to = this.zones.get(zone);
        to?.zone.neighbour(bytes, to.nowMs);
      }
    }
  }

  get settled(): (number | null)[] {
    return [...this.zones.values()].map(({ zone }) => zone.settled);
  }

  get players(): unknown[] {
    return [...this.zones.values()].map(({ zone }) => zone.gauges().players);
  }
}

/** One who stands in the upper half of a zone that has all. */
function annAbove(): { realm: Realm; first: TestZone } {
  const realm = new Realm();
  const first = realm.open(1, firstArrangement(whole));
  const voice = first.voice();
  voice.join(1, 'ann');
  realm.tick = first.tick;
  const { store } = first.zone;
  const row = 0;
  store.y[row] = store.lastY[row] = 150_000;
  realm.run(2);
  return { realm, first };
}

describe('[WO60] an arrangement', () => {
  it('of a generation that is known, or earlier, changes nothing', () => {
    const { realm, first } = annAbove();
    realm.tell({ generation: 1, zones: halves, former: whole });
    realm.open(2, split);
    realm.run(60);
    expect([first.zone.settled, realm.players]).toEqual([1, [1, 0]]);
  });

  it('is not taken by who gives cells away before somebody is there to take them', () => {
    const { realm, first } = annAbove();
    realm.tell(split);
    realm.run(100);
    expect([first.zone.settled, realm.players]).toEqual([null, [1]]);
    realm.open(2, split);
    realm.run(40);
    expect([realm.settled, realm.players]).toEqual([
      [2, 2],
      [0, 1],
    ]);
  });

  it('that is followed by another before it could be taken is not taken at all', () => {
    const { realm, first } = annAbove();
    realm.tell(split);
    realm.run(3);
    realm.tell({ generation: 3, zones: whole, former: halves });
    realm.run(3);
    // Of zone 2 nothing is heard: what it may have had is waited for, and no longer.
    expect([first.zone.settled, realm.players]).toEqual([null, [1]]);
    realm.run(100);
    expect([first.zone.settled, realm.players]).toEqual([3, [1]]);
  });

  it('holds for a new owner of a zone, whichever had cells or gets them', () => {
    const { realm } = annAbove();
    realm.tell(split);
    realm.open(2, split);
    realm.run(40);
    realm.open(2, split, 7);
    realm.run(40);
    expect(realm.settled).toEqual([2, 2]);
    realm.open(1, split, 8);
    realm.run(40);
    expect(realm.settled).toEqual([2, 2]);
  });

  it('[WO61] leaves a zone without cells to who has them now, until it is told that nobody had any', () => {
    const { realm, first } = annAbove();
    const moved: ZoneTree = { zone: 3 };
    realm.tell({ generation: 2, zones: moved, former: whole });
    realm.open(3, { generation: 2, zones: moved, former: whole });
    while (realm.settled.includes(null)) realm.run(1);
    expect([realm.settled, realm.players]).toEqual([
      [2, 2],
      [0, 1],
    ]);
    // What her gateway still says to the former zone reaches her.
    const south = { towards: (3 * Math.PI) / 2, pace: 'run' } as const;
    const before = realm.zones.get(3)?.zone.store.y[0] as number;
    first.voices.get('g1')?.input(1, 1, realm.tick + 1, ['walk', south]);
    realm.run(6);
    expect(realm.zones.get(3)?.zone.store.y[0]).toBeLessThan(before);
    realm.tell({ generation: 3, zones: moved, former: null });
    realm.run(2);
    expect(realm.settled).toEqual([3, 3]);
  });
});
