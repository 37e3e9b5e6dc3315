import { Random } from '@lifeverse/base';
import { BundleWriter, decodeBundle } from '@lifeverse/contracts';
import { serverType } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { type Guest, TestHall } from './test-hall.ts';

function crowd(): { scene: TestHall; guests: [Guest, Guest, Guest] } {
  const scene = new TestHall();
  const guests = scene.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
  guests[1].command('go', { x: '290', y: '250' });
  guests[2].command('go', { x: '230', y: '250' });
  scene.run(6);
  return { scene, guests };
}

/** One bundle is made, and lost. */
function loseOne(scene: TestHall): void {
  scene.zoneTick();
  scene.down = [];
}

/** Runs until a bundle tells of a change, and loses that one. */
function loseTheNextChange(scene: TestHall): void {
  for (;;) {
    scene.zoneTick();
    if (scene.down.some((bytes) => decodeBundle(bytes)?.sections.some(({ key }) => !key))) break;
    scene.deliver();
  }
  scene.down = [];
}

describe('[GW7] when a bundle is lost', () => {
  it('the streams that changed in it are keyed, and no others', () => {
    const { scene, guests } = crowd();
    const [ann, bob] = guests;
    bob.walk(0);
    scene.run(3);
    bob.walk(1);
    scene.run(3);
    const before = { ...scene.gateway.counters };
    bob.walk(2);
    const said = scene.said.length;
    const writes = ann.writes.length;
    loseTheNextChange(scene);
    scene.run(4);
    const { counters } = scene.gateway;
    expect(counters.bundles_lost - before.bundles_lost).toBe(1);
    expect(counters.streams_lost - before.streams_lost).toBe(1);
    expect(scene.said.slice(said).filter(({ op }) => op === 'key')).toHaveLength(1);
    expect(scene.said.slice(said).filter(({ op }) => op === 'resync')).toHaveLength(1);
    expect(ann.types(writes).filter((type) => type === serverType.keys)).toHaveLength(1);
    expect(guests.map((guest) => scene.wrongFor(guest))).toEqual([[], [], []]);
    expect(guests.map(({ core }) => core.counters.rekeys)).toEqual([0, 0, 0]);
  });

  it('and nothing changed in it, nothing is keyed', () => {
    const { scene } = crowd();
    scene.run(10);
    const { streams_lost, keyframes_sent } = scene.gateway.counters;
    loseOne(scene);
    scene.run(4);
    expect(scene.gateway.counters).toMatchObject({ bundles_lost: 1, streams_lost, keyframes_sent });
  });

  it('even the last change before a silence is made up for', () => {
    const { scene, guests } = crowd();
    const [ann, bob] = guests;
    bob.command('wear', { text: 'a hat' });
    loseTheNextChange(scene);
    scene.run(4);
    expect(ann.core.entities.get(bob.id)?.shadow.components).toEqual(['a hat']);
  });

  it('players are told again what concerned them in it', () => {
    const { scene, guests } = crowd();
    const [ann] = guests;
    ann.command('go', { x: '20', y: '20' });
    loseOne(scene);
    scene.run(6);
    expect(ann.core.entities.get(ann.id)?.shadow).toMatchObject({ x: 20_000, y: 20_000 });
    expect(ann.connection.unstable).toEqual([]);
    expect(ann.core.cellsInView).toBe(21);
  });

  it('a keyframe that does not come is asked for again', () => {
    const { scene, guests } = crowd();
    const [ann, bob] = guests;
    bob.walk(0);
    loseTheNextChange(scene);
    scene.run(1);
    // The answer is lost as well.
    loseOne(scene);
    scene.run(20);
    expect(scene.wrongFor(ann)).toEqual([]);
    expect(ann.core.counters.errors).toBe(0);
  });

  it('or many are, all comes right in the end', () => {
    const { scene, guests } = crowd();
    for (let i = 0; i < 400; i++) {
      guests.forEach((guest, who) => {
        if (i % (5 + who) === 0) guest.walk(i);
      });
      if (i % 3 === 0 || (i > 100 && i < 130)) loseOne(scene);
      else scene.run();
    }
    scene.run(20);
    expect(guests.map((guest) => scene.wrongFor(guest))).toEqual([[], [], []]);
    expect(guests.map(({ core }) => core.counters)).toMatchObject([{ errors: 0 }, { errors: 0 }, { errors: 0 }]);
  });
});

describe('[GW8] a slot', () => {
  it.each([1, 2, 3, 4, 5])('used again takes nothing that was on its way for the stream before: seed %i', (seed) => {
    const random = new Random(seed);
    const { scene, guests } = crowd();
    const [ann, bob, carol] = guests;
    bob.command('go', { x: '20', y: '20' });
    carol.command('go', { x: '400', y: '400' });
    scene.run(4);
    // Their avatars go on standing there; what they saw, nobody reads any more.
    for (const { connection } of [bob, carol]) scene.gateway.disconnected(connection, scene.nowMs);
    // Bundles are on their way for some ticks, while Ann jumps between two places that share no cell.
    let seen = 0;
    for (let i = 0; i < 200; i++) {
      if (random.chance(0.4)) ann.command('go', random.chance(0.5) ? { x: '21', y: '21' } : { x: '401', y: '401' });
      scene.zoneTick();
      if (scene.down.length < 3 + random.below(4)) continue;
      scene.gateway.bundle(scene.down.shift() as Uint8Array, scene.nowMs);
      while (scene.gateway.fanOut(100, scene.nowMs));
      for (const other of [bob, carol]) {
        const shadow = ann.core.entities.get(other.id)?.shadow;
        if (shadow === undefined) continue;
        seen++;
        expect({ x: shadow.x, y: shadow.y }).toEqual(scene.truth(other.id));
      }
    }
    expect(seen).toBeGreaterThan(0);
    scene.deliver();
    scene.run(10);
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    expect(ann.core.entities.has(ann.id)).toBe(true);
  });
});

describe('[GW9] a bundle', () => {
  const again = (bytes: Uint8Array, change: Record<string, number>): Uint8Array => {
    const bundle = decodeBundle(bytes) as NonNullable<ReturnType<typeof decodeBundle>>;
    const writer = new BundleWriter();
    for (const session of bundle.sessions) writer.session(session);
    return writer.take({ ...bundle, ...change }, bundle.heads);
  };
  /** The next one that the zone makes, changed; and then as it is. */
  const changed = (scene: TestHall, change: (bytes: Uint8Array) => Uint8Array | readonly Uint8Array[]) => {
    scene.zoneTick();
    scene.down = scene.down.flatMap((bytes) => change(bytes));
    scene.deliver();
  };

  it('that comes again, or after its successor, counts once', () => {
    const { scene, guests } = crowd();
    const [ann, bob] = guests;
    bob.walk(0);
    scene.zoneTick();
    const first = scene.down[0] as Uint8Array;
    scene.deliver();
    const before = { ...scene.gateway.counters };
    changed(scene, (bytes) => [first, bytes, bytes, first]);
    expect(scene.gateway.counters.bundles_late - before.bundles_late).toBe(3);
    expect(scene.gateway.counters.bundles - before.bundles).toBe(1);
    scene.run(5);
    expect([scene.wrongFor(ann), ann.core.counters.errors, ann.core.counters.rekeys]).toEqual([[], 0, 0]);
  });

  it('of an earlier owner is not heard, once a later one was', () => {
    const { scene, guests } = crowd();
    const [ann] = guests;
    changed(scene, (bytes) => again(bytes, { epoch: 5, sequence: 1 }));
    const before = { ...scene.gateway.counters };
    ann.walk(0);
    scene.run(3);
    const { counters } = scene.gateway;
    expect(counters.bundles_fenced - before.bundles_fenced).toBe(3);
    expect(counters.bundles - before.bundles).toBe(0);
  });

  it('of a tick that is past does not count, whoever says it', () => {
    const { scene } = crowd();
    const before = { ...scene.gateway.counters };
    changed(scene, (bytes) => [bytes, again(bytes, { sequence: 9_999 })]);
    expect(scene.gateway.counters.bundles_late - before.bundles_late).toBe(1);
    scene.run(3);
    expect(scene.gateway.counters.bundles - before.bundles).toBe(4);
    // Of a later owner it does not count either, and the earlier one is not heard any more.
    changed(scene, (bytes) => [bytes, again(bytes, { epoch: 2, tick: 3 })]);
    expect(scene.gateway.counters.bundles_late - before.bundles_late).toBe(2);
    scene.run(3);
    expect(scene.gateway.counters.bundles - before.bundles).toBe(5);
    expect(scene.gateway.counters.bundles_fenced - before.bundles_fenced).toBe(3);
  });

  it('for an earlier life of the gateway does not count', () => {
    const { scene } = crowd();
    const before = { ...scene.gateway.counters };
    changed(scene, (bytes) => again(bytes, { generation: 0 }));
    expect(scene.gateway.counters.bundles_late - before.bundles_late).toBe(1);
  });

  it('of a zone with which nobody here has to do, or that is none, is counted and left alone', () => {
    const { scene, guests } = crowd();
    const before = scene.gateway.counters.bundles_malformed;
    const late = scene.gateway.counters.bundles_late;
    changed(scene, (bytes) => [again(bytes, { zone: 2 }), Uint8Array.of(), bytes.subarray(0, 9), bytes]);
    scene.run(3);
    // Said to an earlier life of this gateway, as far as it knows.
    expect(scene.gateway.counters.bundles_late - late).toBe(1);
    expect(scene.gateway.counters.bundles_malformed - before).toBe(2);
    expect(guests.map(({ closedWith }) => closedWith)).toEqual([null, null, null]);
  });
});

describe('[GW10] a new owner of the zone', () => {
  it('is heard though the former one goes on and is always first to say what happened in a tick', () => {
    const { scene } = crowd();
    const { counters } = scene.gateway;
    const before = { ...counters };
    const owner = { zone: 1, epoch: 50, generation: 1, since: scene.tick, interestVersion: 0, rate: 256 };
    const say = (): void => {
      const header = { ...owner, sequence: scene.tick, tick: scene.tick };
      scene.gateway.bundle(new BundleWriter().take(header, new Uint8Array(0)), scene.nowMs);
    };
    for (let i = 0; i < 3; i++) {
      scene.run();
      say();
    }
    expect(counters.bundles_late - before.bundles_late).toBe(1);
    expect(counters.bundles_fenced - before.bundles_fenced).toBe(2);
    expect(counters.bundles - before.bundles).toBe(3);
  });

  it('who knows the players goes on with them, and is asked for everything anew', () => {
    const { scene, guests } = crowd();
    const said = scene.said.length;
    // The same zone under another epoch: an owner that has taken its state over.
    let epoch = 2;
    const asOwner = () => {
      scene.zoneTick();
      scene.down = scene.down.map((bytes) => withEpoch(bytes, epoch));
      scene.deliver();
    };
    asOwner();
    const asked = scene.said.slice(said);
    expect(asked.filter(({ op }) => op === 'attach')).toHaveLength(3);
    expect(asked.filter(({ op }) => op === 'key').length).toBe(scene.gateway.gauges().streams);
    guests[1].walk(0);
    for (let i = 0; i < 10; i++) asOwner();
    expect(guests.map(({ closedWith }) => closedWith)).toEqual([null, null, null]);
    expect(guests.map((guest) => scene.wrongFor(guest))).toEqual([[], [], []]);
    epoch = 1;
    const { bundles } = scene.gateway.counters;
    asOwner();
    expect(scene.gateway.counters.bundles).toBe(bundles);
  });
});

/** The same bundle, said by the owner of another epoch. */
function withEpoch(bytes: Uint8Array, epoch: number): Uint8Array {
  const bundle = decodeBundle(bytes) as NonNullable<ReturnType<typeof decodeBundle>>;
  const writer = new BundleWriter();
  for (const { slot, key, start, end } of bundle.sections) writer.section(slot, key, bytes.subarray(start, end));
  for (const session of bundle.sessions) writer.session(session);
  for (const event of bundle.events) writer.event(event);
  return writer.take({ ...bundle, epoch }, bundle.heads);
}
