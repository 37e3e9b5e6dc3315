import { Random } from '@lifeverse/base';
import { OLDEST_VERSION, serverType } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { type Guest, TestHall } from './test-hall.ts';

const placed = (scene: TestHall, guest: Guest, x: number, y: number): void => {
  guest.command('go', { x: `${x}`, y: `${y}` });
  scene.run(4);
};
const counts = (guests: readonly Guest[]) =>
  guests.map(({ core }) => ({ errors: core.counters.errors, rekeys: core.counters.rekeys }));
const clean = { errors: 0, rekeys: 0 };

describe('[GW5] a group', () => {
  it('is written the same bytes, in the same memory', () => {
    const scene = new TestHall();
    const guests = scene.join('ann', 'bob', 'carol', 'dave') as [Guest, Guest, Guest, Guest];
    const [ann, , , dave] = guests;
    placed(scene, dave, 150, 250);
    ann.walk(0);
    scene.run(3);
    const built = scene.gateway.counters.frames_built;
    const writes = guests.map(({ writes }) => writes.length);
    scene.zoneTick();
    scene.deliver();
    ann.walk(2);
    scene.zoneTick();
    // The turn itself: bob and carol have nothing of their own in this tick.
    const before = guests.map(({ writes }) => writes.length);
    scene.deliver();
    const [annFrame, bobFrame, carolFrame, daveFrame] = guests.map(({ writes: all }, i) => all[before[i] as number]);
    expect(bobFrame?.[2]).toBe(serverType.frame);
    expect(carolFrame?.buffer).toBe(bobFrame?.buffer);
    expect([carolFrame?.byteOffset, carolFrame?.length]).toEqual([bobFrame?.byteOffset, bobFrame?.length]);
    // Ann gets the very same frame, and behind it what is hers alone.
    expect(annFrame?.subarray(0, bobFrame?.length)).toEqual(bobFrame);
    expect(annFrame?.length).toBeGreaterThan(bobFrame?.length as number);
    expect(daveFrame).toBeUndefined();
    expect(scene.gateway.counters.frames_built - built).toBe(1);
    expect(guests.map(({ writes: all }, i) => all.length - (writes[i] as number))).toEqual([1, 1, 1, 0]);
    expect(scene.gateway.gauges()).toMatchObject({ groups: 2 });
  });

  it('is one for those who see the same: another version or audience is another', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann', 'bob') as [Guest, Guest];
    expect(scene.gateway.gauges()).toMatchObject({ groups: 1, streams: 21 });
    const old = scene.connect();
    old.hello('carol', { newest: OLDEST_VERSION, oldest: OLDEST_VERSION });
    ann.command('say', { text: 'watch' });
    scene.run(4);
    expect(scene.gateway.gauges()).toMatchObject({ players: 3, groups: 3, streams: 42 });
  });

  it('reads nothing any more once nobody is in it', () => {
    const scene = new TestHall();
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    placed(scene, ann, 20, 20);
    expect(scene.gateway.gauges()).toMatchObject({ groups: 2, streams: 42 });
    ann.core.leave();
    scene.run(2);
    expect(scene.gateway.gauges()).toMatchObject({ groups: 1, streams: 21 });
    bob.core.leave();
    scene.run(2);
    expect(scene.gateway.gauges()).toMatchObject({ groups: 0, streams: 0 });
    expect(scene.zone.gauges()).toMatchObject({ cells: 0 });
  });
});

const place = (random: Random) => ({ x: random.between(200, 300).toFixed(2), y: random.between(200, 300).toFixed(2) });

describe('[GW6] who moves to another group', () => {
  it('goes on seeing what stays in view, and sees what is new', () => {
    const scene = new TestHall();
    const guests = scene.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
    const [ann, bob, carol] = guests;
    placed(scene, bob, 200, 250);
    placed(scene, carol, 350, 250);
    placed(scene, ann, 255, 250);
    expect([...ann.core.entities.keys()].sort()).toEqual([ann.id, bob.id].sort());
    bob.walk(1);
    ann.walk(0);
    for (let i = 0; i < 200; i++) {
      scene.run();
      if (i % 7 === 0) bob.walk(i);
      if (i % 11 === 0) carol.walk(i);
      expect(scene.wrongFor(ann).filter((id) => ann.core.entities.has(id))).toEqual([]);
    }
    expect(scene.zone.counters.cell_changes).toBeGreaterThan(2);
    expect(ann.core.entities.has(carol.id)).toBe(true);
    expect(counts(guests)).toEqual([clean, clean, clean]);
  });

  it.each([1, 2, 3, 4, 5])('misses no section and gets none twice in a crowd on the move: seed %i', (seed) => {
    const scene = new TestHall({ costPerS: 1_000, costBurst: 1_000 });
    const random = new Random(seed);
    const guests = scene.join(...Array.from({ length: 24 }, (_, i) => `guest ${i}`));
    for (const guest of guests) guest.command('go', place(random));
    for (let i = 0; i < 300; i++) {
      for (const guest of guests) {
        if (random.chance(0.08)) guest.walk(random.between(0, 6.28));
        if (random.chance(0.01)) guest.command('wear', { text: `note ${i}` });
        if (random.chance(0.002)) guest.command('say', { text: 'watch' });
      }
      scene.run();
    }
    expect(scene.gateway.gauges().groups).toBeGreaterThan(3);
    // Those who are in view of one another, by the cells' slack: all but who is far away.
    for (const guest of guests) {
      const own = scene.truth(guest.id);
      const near = scene.wrongFor(guest).filter((id) => {
        const at = scene.truth(id);
        return Math.hypot(at.x - own.x, at.y - own.y) < 30_000;
      });
      expect(near).toEqual([]);
    }
    expect(counts(guests)).toEqual(guests.map(() => clean));
    expect(scene.gateway.counters).toMatchObject({ streams_lost: 0, bundles_lost: 0 });
  });

  it('between the slices of a tick costs nobody a frame: not even who takes their place', () => {
    const scene = new TestHall();
    const guests = scene.join('ann', 'bob', 'carol', 'dave', 'eve') as [Guest, Guest, Guest, Guest, Guest];
    const [ann, bob] = guests;
    ann.walk(0);
    scene.run(3);
    ann.walk(2);
    scene.zoneTick();
    const writes = guests.map((guest) => guest.writes.length);
    scene.gateway.bundle(scene.down.shift() as Uint8Array, scene.nowMs);
    scene.gateway.fanOut(2, scene.nowMs);
    scene.gateway.disconnected(ann.connection, scene.nowMs);
    scene.gateway.fanOut(1, scene.nowMs);
    bob.core.leave();
    while (scene.gateway.fanOut(1, scene.nowMs));
    expect(guests.map((guest, i) => guest.writes.length - (writes[i] as number))).toEqual([1, 1, 1, 1, 1]);
    scene.run(20);
    expect(counts(guests.slice(2))).toEqual([clean, clean, clean]);
    for (const guest of guests.slice(2)) expect(scene.wrongFor(guest)).toEqual([]);
  });

  it('because they see less far from then on costs nobody a frame either', () => {
    const scene = new TestHall();
    const guests = scene.join('ann', 'bob', 'carol', 'dave', 'eve') as [Guest, Guest, Guest, Guest, Guest];
    const [ann, , , , eve] = guests;
    ann.walk(0);
    scene.run(3);
    ann.walk(2);
    scene.zoneTick();
    const before = eve.writes.length;
    scene.gateway.bundle(scene.down.shift() as Uint8Array, scene.nowMs);
    scene.gateway.fanOut(2, scene.nowMs);
    scene.viewRadiusCellsOf.set('player-ann', 1);
    // Each time, a share of them is looked at.
    for (let i = 0; i < 20; i++) scene.gateway.timer(scene.nowMs);
    expect(scene.gateway.gauges()).toMatchObject({ groups: 2 });
    while (scene.gateway.fanOut(1, scene.nowMs));
    expect(eve.writes.length - before).toBe(1);
    scene.run(20);
    expect(counts(guests)).toEqual(guests.map(() => clean));
    for (const guest of guests) expect(scene.wrongFor(guest)).toEqual([]);
  });

  it('by joining, while others do what they do, sees all of it from the first moment', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    for (let i = 0; i < 20; i++) {
      ann.walk(i);
      ann.command('wear', { text: `note ${i}` });
      const guest = scene.connect();
      guest.core.open(`guest ${i}`);
      scene.run(3);
      expect(scene.wrongFor(guest)).toEqual([]);
      expect(guest.core.entities.get(ann.id)?.shadow.components).toEqual([`note ${i}`]);
    }
    expect(counts(scene.guests)).toEqual(scene.guests.map(() => clean));
  });
});
