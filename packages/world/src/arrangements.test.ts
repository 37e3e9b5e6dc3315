import { encodeStored, firstArrangement, type ZoneArrangement, type ZoneTree } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { TestDesk } from './test-desk.ts';
import { TestZone } from './test-zone.ts';

const whole: ZoneTree = { zone: 1 };
const halves: ZoneTree = { axis: 'y', at: 4, low: { zone: 1 }, high: { zone: 2 } };
const split: ZoneArrangement = { generation: 2, zones: halves, former: whole, nextZone: 200 };

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
    realm.tell({ generation: 1, zones: halves, former: whole, nextZone: 200 });
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

  it('makes a zone heard that was none before, and until then what that one says is no error', () => {
    const { realm, first } = annAbove();
    realm.open(2, split);
    realm.run(20);
    const { neighbour_messages_malformed, neighbour_messages_fenced } = first.zone.counters;
    expect([neighbour_messages_malformed, neighbour_messages_fenced > 0]).toEqual([0, true]);
    realm.tell(split);
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
    realm.tell({ generation: 3, zones: whole, former: halves, nextZone: 200 });
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
    realm.tell({ generation: 2, zones: moved, former: whole, nextZone: 200 });
    realm.open(3, { generation: 2, zones: moved, former: whole, nextZone: 200 });
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
    realm.tell({ generation: 3, zones: moved, former: null, nextZone: 200 });
    realm.run(2);
    expect(realm.settled).toEqual([3, 3]);
  });

  it('[WO61] has whoever is asked for who went to a zone that is none any more name the one that has its cells', () => {
    const { realm, first } = annAbove();
    realm.tell(split);
    realm.open(2, split);
    realm.run(40);
    const moved: ZoneTree = { axis: 'y', at: 4, low: { zone: 1 }, high: { zone: 3 } };
    const second: ZoneArrangement = { generation: 3, zones: moved, former: halves, nextZone: 200 };
    realm.tell(second);
    realm.open(3, second);
    realm.run(40);
    const third: ZoneArrangement = { generation: 4, zones: moved, former: null, nextZone: 200 };
    realm.tell(third);
    realm.zones.delete(2);
    realm.run(2);
    expect([realm.settled, realm.players]).toEqual([
      [4, 4],
      [0, 1],
    ]);
    /** Where her next session is sent by the zone that she was in at first. */
    const sentTo = (zone: TestZone): unknown => {
      const voice = zone.voice('g2');
      voice.attach(7, 'ann', 2);
      zone.run();
      return voice.records(7).at(-1)?.moved?.zone;
    };
    expect(sentTo(first)).toBe(3);
    // A new owner of that zone is told so, too, and has her lost rather than elsewhere.
    realm.tick = first.tick;
    const next = realm.open(3, third, 9);
    realm.run(40);
    const voice = next.voice('g2');
    expect(voice.join(7, 'ann', 2)).toBeGreaterThan(0);
  });

  it('[WO61] lets who was kept last by a zone that is none any more come where they were kept, and nowhere else', () => {
    const arrangement: ZoneArrangement = { generation: 7, zones: halves, former: null, nextZone: 9 };
    const checkpoint = {
      ...{ character: 'ann', incarnation: 1, handovers: 3, tick: 1, leaves: false },
      ...{ xMm: 100_500, yMm: 150_000, kept: new Uint8Array(0) },
    };
    /** Where a zone has her come who was kept by that zone. */
    const cameTo = (zone: number, keptBy: number): unknown => {
      const desk = new TestDesk();
      const usual = desk.outcome.bind(desk);
      desk.outcome = (request) =>
        request.kind === 'load'
          ? { kind: 'done', body: encodeStored({ incarnation: 1, handovers: 3, zone: keptBy, checkpoint }) }
          : usual(request);
      const opened = new TestZone({}, { zone, epoch: zone, seed: zone, arrangement, desk });
      const voice = opened.voice();
      // Until the other zone, of which nothing is heard, is waited for no more.
      for (let i = 0; i < 12; i++) {
        voice.attach(1, 'ann', 2);
        opened.run(10);
        desk.deliver();
      }
      opened.run();
      const record = voice.records(1).findLast(({ moved, attached }) => moved !== undefined || attached !== undefined);
      return record?.moved?.zone ?? opened.at(record?.attached?.entity ?? 0)?.y ?? null;
    };
    expect([cameTo(1, 5), cameTo(2, 5)]).toEqual([2, 150_000]);
    // Of a zone with a higher number than any that was told here, something is still to be heard.
    expect([cameTo(2, 9), cameTo(1, 1)]).toEqual([9, 150_000]);
  });

  it('[WO61] has a zone that is new where others had cells begin empty, and any other with who comes with the world', () => {
    const populated = (populates: boolean | undefined): unknown => {
      const toZone = (): void => undefined;
      const rules = {
        populate: ({ spawn }: { spawn(kind: string, at: { x: number; y: number }): unknown }) =>
          void spawn('cat', { x: 50, y: 50 }),
      };
      return new TestZone(rules, {
        arrangement: firstArrangement(whole),
        toZone,
        ...(populates !== undefined && { populates }),
      }).zone.store.count;
    };
    expect([populated(undefined), populated(true), populated(false)]).toEqual([1, 1, 0]);
  });
});
