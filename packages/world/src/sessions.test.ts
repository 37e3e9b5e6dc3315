import { cellKey } from '@lifeverse/sync/common';
import { describe, expect, it } from 'vitest';
import { east, north, PERIOD_MS, RUN_MM_PER_TICK, SPAWN, stand, TestZone, west } from './test-zone.ts';
import { LINGER_MS, READER_LEASE_MS } from './uplinks.ts';

const LEASE_TICKS = READER_LEASE_MS / PERIOD_MS;
const LINGER_TICKS = LINGER_MS / PERIOD_MS;
/** What is forgotten in time is looked for four times a second. */
const SLACK_TICKS = 6;
const HOME = cellKey(3, 3);

describe('[WO8] a player', () => {
  it('who attaches stands in the world, and is told where', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    expect(zone.at(ann)).toEqual(SPAWN);
    expect(voice.records(7)).toMatchObject([
      { attached: { entity: ann, incarnation: 1 }, anchor: { x: 3, y: 3 }, audiences: 0, stable: 0 },
    ]);
    expect(voice.bodies(7)).toMatchObject([{ applied: 0, position: SPAWN, refused: [] }]);
  });

  it('who attaches again, since the answer may be lost, is the same', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    voice.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(3);
    expect(voice.join(7, 'ann')).toBe(ann);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 4 * RUN_MM_PER_TICK, y: SPAWN.y });
    expect(voice.records(7).at(-1)).toMatchObject({ attached: { entity: ann }, stable: 1 });
    expect(zone.zone.gauges()).toMatchObject({ players: 1, entities: 1 });
  });

  it('who joins from another place takes the avatar over where it stands', () => {
    const zone = new TestZone();
    const [here, there] = [zone.voice('g1'), zone.voice('g2')];
    const ann = here.join(7, 'ann');
    here.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(5);
    expect(there.join(1, 'ann', 2)).toBe(ann);
    expect(here.ends(7)).toEqual(['session_replaced']);
    const stopped = zone.at(ann);
    here.input(7, 2, zone.tick + 1, ['walk', north]);
    zone.run(3);
    expect(zone.at(ann)).toEqual(stopped);
    there.input(1, 1, zone.tick + 1, ['walk', north]);
    zone.run(2);
    expect(zone.at(ann)).toEqual({ x: stopped?.x, y: SPAWN.y + 2 * RUN_MM_PER_TICK });
    expect(there.bodies(1).at(-1)?.applied).toBe(1);
  });

  it('who moves to another gateway walks on, and what was said to the one and not applied is applied once', () => {
    const zone = new TestZone();
    const [here, there] = [zone.voice('g1'), zone.voice('g2')];
    const ann = here.join(7, 'ann');
    here.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(5);
    // On its way when she moves: it waits for its tick, and is said again there.
    const turn = zone.tick + 3;
    here.input(7, 2, turn, ['walk', north]);
    there.move(1, 'ann', 1);
    zone.run();
    expect([here.ends(7), there.ends(1)]).toEqual([['session_moved'], []]);
    expect(there.records(1).at(-1)).toMatchObject({ attached: { entity: ann, incarnation: 2 }, stable: 1 });
    here.input(7, 3, zone.tick + 1, ['walk', west]);
    there.input(1, 2, turn, ['walk', north]);
    zone.run(4);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 7 * RUN_MM_PER_TICK, y: SPAWN.y + 3 * RUN_MM_PER_TICK });
    there.input(1, 3, zone.tick + 1, ['walk', stand]);
    zone.run(3);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 7 * RUN_MM_PER_TICK, y: SPAWN.y + 3 * RUN_MM_PER_TICK });
    expect(there.bodies(1).at(-1)?.applied).toBe(3);
  });

  it('whose connection was lost on the way goes on with what they held', () => {
    const zone = new TestZone();
    const [here, there] = [zone.voice('g1'), zone.voice('g2')];
    const ann = here.join(7, 'ann');
    here.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(2);
    here.detach(7, 'ann', false);
    zone.run(2);
    const stood = zone.at(ann);
    there.move(1, 'ann', 1);
    zone.run(2);
    expect(zone.at(ann)).toEqual({ x: (stood?.x ?? 0) + 2 * RUN_MM_PER_TICK, y: SPAWN.y });
  });

  it('who moves when somebody has come from another place since is the one that is replaced', () => {
    const zone = new TestZone();
    const [here, there, elsewhere] = [zone.voice('g1'), zone.voice('g2'), zone.voice('g3')];
    here.join(7, 'ann');
    elsewhere.join(1, 'ann', 2);
    there.move(1, 'ann', 1, 3);
    zone.run();
    expect([here.ends(7), there.ends(1), elsewhere.ends(1)]).toEqual([['session_replaced'], ['session_replaced'], []]);
  });

  it('who moves to a zone that knows an earlier incarnation only takes over, and begins anew', () => {
    const zone = new TestZone();
    const [here, there] = [zone.voice('g1'), zone.voice('g2')];
    here.join(7, 'ann');
    here.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(2);
    there.move(1, 'ann', 2);
    zone.run();
    expect([here.ends(7), there.records(1).at(-1)?.stable]).toEqual([['session_replaced'], 0]);
  });

  it('who takes over by the same gateway ends the session before', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    expect(voice.join(8, 'ann', 2)).toBe(ann);
    expect([voice.ends(7), voice.ends(8)]).toEqual([['session_replaced'], []]);
  });

  it('who comes with the ticket by which another session came is not let in, whether that is there still or not', () => {
    const zone = new TestZone();
    const [here, there] = [zone.voice('g1'), zone.voice('g2')];
    const ann = here.join(7, 'ann');
    there.attach(1, 'ann');
    zone.run(2);
    expect([here.ends(7), there.ends(1)]).toEqual([[], ['ticket_used']]);
    here.detach(7, 'ann', false);
    zone.run(2);
    there.attach(2, 'ann');
    zone.run(2);
    expect(there.ends(2)).toEqual(['ticket_used']);
    expect(there.join(3, 'ann', 2)).toBe(ann);
  });

  it('who comes with an earlier incarnation has been replaced already', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    voice.join(8, 'ann', 2);
    voice.join(7, 'ann', 1);
    expect([voice.ends(7), voice.ends(8)]).toEqual([['session_replaced'], []]);
  });

  it('is told again that the session was replaced, when bundles were lost, until it has ended', () => {
    const zone = new TestZone();
    const [here, there] = [zone.voice('g1'), zone.voice('g2')];
    here.join(7, 'ann');
    there.join(1, 'ann', 2);
    here.say({ op: 'resync' });
    zone.run();
    expect(here.ends(7)).toEqual(['session_replaced', 'session_replaced']);
    here.detach(7, 'ann', false);
    here.say({ op: 'resync' });
    zone.run();
    expect(here.ends(7)).toEqual(['session_replaced', 'session_replaced', 'session_left']);
    expect(zone.zone.gauges()).toMatchObject({ players: 1 });
  });

  it('who leaves is gone at once, and comes back to where they stood', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    voice.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(5);
    const stood = zone.at(ann);
    voice.detach(7, 'ann', true);
    expect(zone.at(ann)).toBeNull();
    zone.run(100);
    const again = voice.join(8, 'ann', 2);
    expect(again).not.toBe(ann);
    expect(zone.at(again)).toEqual(stood);
  });

  it('who left before anything was told is told nothing, least of all of who has the row then', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    voice.attach(7, 'ann');
    voice.detach(7, 'ann', true);
    const bob = voice.join(8, 'bob');
    expect(voice.records(7)).toMatchObject([{ attached: undefined, body: undefined }]);
    expect(voice.records(8)).toMatchObject([{ attached: { entity: bob } }]);
  });

  it('whose connection was lost stands for a minute, and is the same until then', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    voice.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(5);
    voice.detach(7, 'ann', false);
    const stood = zone.at(ann);
    for (let i = 0; i < LINGER_TICKS - SLACK_TICKS; i++) {
      voice.say();
      zone.run();
    }
    expect(zone.at(ann)).toEqual(stood);
    expect(voice.join(8, 'ann', 2)).toBe(ann);
  });

  it('whose connection was lost is gone after that minute, and comes back to where they stood', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    voice.detach(7, 'ann', false);
    zone.run(LINGER_TICKS + SLACK_TICKS);
    expect(zone.at(ann)).toBeNull();
    expect(zone.at(voice.join(8, 'ann', 2))).toEqual(SPAWN);
  });

  it('who is away is told nothing, and all of it when back', () => {
    const zone = new TestZone({
      effects: { cheered: ({ self }) => (self.purse = 5) },
      commands: { wave: ({ at }) => at.tell('cheered') },
    });
    const voice = zone.voice();
    const ann = voice.join(1, 'ann');
    voice.join(2, 'bob');
    voice.detach(1, 'ann', false);
    voice.input(2, 1, zone.tick + 1, ['wave', { at: ann }]);
    zone.run(5);
    expect(voice.records(1).slice(1)).toMatchObject([{ ended: expect.any(Number) }]);
    voice.join(3, 'ann', 2);
    expect(voice.bodies(3).at(-1)?.owned).toContainEqual({ index: 0, raw: 5 });
  });
});

describe('[WO7] a gateway', () => {
  it('is answered with a bundle a tick, empty or not, and with the rate of time', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    voice.say();
    zone.run(3);
    expect(voice.bundles).toMatchObject([
      { zone: 1, epoch: 1, tick: 1, rate: 256, interestVersion: 0, sections: [], sessions: [], events: [] },
      { tick: 2 },
      { tick: 3 },
    ]);
    const [first] = voice.bundles;
    expect(voice.bundles.map(({ sequence }) => sequence - (first?.sequence as number))).toEqual([0, 1, 2]);
  });

  it('that is not heard for its lease is forgotten, and its players are away', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(7, 'ann');
    voice.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run(LEASE_TICKS - 1);
    expect(zone.zone.gauges()).toMatchObject({ gateways: 1 });
    zone.run(SLACK_TICKS);
    const stood = zone.at(ann);
    const bundles = voice.bundles.length;
    zone.run(10);
    expect(zone.zone.gauges()).toMatchObject({ gateways: 0, players: 1, cells: 1 });
    expect([zone.at(ann), voice.bundles.length]).toEqual([stood, bundles]);
  });

  it('that says a word now and then is not', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    for (let i = 0; i < 10; i++) {
      voice.say();
      zone.run(LEASE_TICKS - 1);
    }
    expect(zone.zone.gauges()).toMatchObject({ gateways: 1 });
  });

  it('that was forgotten and is heard again goes on above its last bundle, and must say all anew', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    voice.say({ op: 'interest', version: 4, base: 0, add: [{ slot: 0, cell: HOME, audience: 0 }], drop: [] });
    zone.run(LEASE_TICKS + SLACK_TICKS);
    const last = voice.bundles.at(-1);
    voice.say();
    zone.run();
    expect(voice.bundles.at(-1)?.sequence).toBeGreaterThan(last?.sequence as number);
    expect(voice.bundles.at(-1)).toMatchObject({ interestVersion: 0, sections: [] });
    expect(voice.bundles.at(-1)?.heads).toHaveLength(0);
  });

  it('that starts anew makes void what its earlier life wanted, and that one is not heard any more', () => {
    const zone = new TestZone();
    const earlier = zone.voice('g1', 1);
    const ann = earlier.join(7, 'ann');
    earlier.say({ op: 'interest', version: 1, base: 0, add: [{ slot: 0, cell: HOME, audience: 0 }], drop: [] });
    const later = zone.voice('g1', 2);
    later.say();
    zone.run();
    expect(later.bundles.at(-1)).toMatchObject({ interestVersion: 0, sections: [], sessions: [] });
    earlier.input(7, 1, zone.tick + 1, ['walk', east]);
    earlier.detach(7, 'ann', true);
    zone.run(3);
    expect(zone.at(ann)).toEqual(SPAWN);
  });

  it('reads what it wants, from a keyframe on, and no more once it wants that no more', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    voice.join(7, 'ann');
    const add = [{ slot: 2, cell: HOME, audience: 0 }];
    voice.say({ op: 'interest', version: 1, base: 0, add, drop: [] });
    zone.run();
    expect(voice.bundles.at(-1)).toMatchObject({ interestVersion: 1, sections: [{ slot: 2, key: true }] });
    voice.input(7, 1, zone.tick + 1, ['walk', east]);
    zone.run();
    expect(voice.bundles.at(-1)?.sections).toMatchObject([{ slot: 2, key: false }]);
    voice.say({ op: 'key', slot: 2 });
    zone.run();
    expect(voice.bundles.at(-1)?.sections).toMatchObject([{ slot: 2, key: true }]);
    expect(zone.zone.counters.keyframes_wanted).toBe(1);
    voice.say({ op: 'interest', version: 2, base: 1, add: [], drop: [2] });
    voice.input(7, 2, zone.tick + 1, ['walk', north]);
    zone.run();
    expect(voice.bundles.at(-1)).toMatchObject({ interestVersion: 2, sections: [] });
  });

  it('whose interest does not follow from what the zone holds is not misunderstood', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const want = (version: number, base: number, slot: number, cell: number) =>
      voice.say({ op: 'interest', version, base, add: [{ slot, cell, audience: 0 }], drop: [] });
    want(1, 0, 0, HOME);
    want(3, 2, 1, cellKey(4, 4));
    zone.run();
    expect(voice.bundles.at(-1)).toMatchObject({ interestVersion: 1, sections: [{ slot: 0 }] });
    want(4, 0, 5, cellKey(5, 5));
    zone.run();
    expect(voice.bundles.at(-1)).toMatchObject({ interestVersion: 4, sections: [{ slot: 5 }] });
    want(1, 0, 0, HOME);
    zone.run();
    expect(voice.bundles.at(-1)).toMatchObject({ interestVersion: 4, sections: [] });
  });

  it('reads no audience that the world does not have', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const add = [2, 3, 8].map((audience, slot) => ({ slot, cell: HOME, audience }));
    voice.say({ op: 'interest', version: 1, base: 0, add, drop: [] });
    zone.run();
    expect(voice.bundles.at(-1)?.sections).toMatchObject([{ slot: 0, key: true }]);
  });

  it('that sends what is no uplink is counted, and nothing else', () => {
    const zone = new TestZone();
    for (const bytes of [Uint8Array.of(), Uint8Array.of(0x71), Uint8Array.of(1, 2, 3)]) zone.zone.uplink(bytes, 0);
    expect(zone.zone.counters.uplinks_malformed).toBe(3);
    expect(zone.zone.gauges()).toMatchObject({ gateways: 0 });
  });
});
