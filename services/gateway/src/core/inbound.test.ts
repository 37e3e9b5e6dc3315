import { limits } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { deadlines } from './deadlines.ts';
import { type Guest, TestHall } from './test-hall.ts';

const inputs = (scene: TestHall, from = 0) =>
  scene.said.slice(from).flatMap((op) => (op.op === 'input' ? [[op.session, op.sequence] as const] : []));

describe('[GW13] what is said', () => {
  it('is heard by those near, the speaker included, and not by those far away', () => {
    const scene = new TestHall();
    const [ann, bob, carol] = scene.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
    bob.command('go', { x: '280', y: '280' });
    carol.command('go', { x: '330', y: '250' });
    scene.run(3);
    ann.command('say', { text: 'hello' });
    scene.run(2);
    expect([ann.heard, bob.heard, carol.heard]).toEqual([['hello'], ['hello'], []]);
    expect(carol.core.entities.has(ann.id)).toBe(false);
    expect(scene.gateway.counters.events_heard).toBe(2);
  });

  it('is not heard two cells away, though the speaker is seen there', () => {
    const scene = new TestHall();
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    bob.command('go', { x: '300', y: '250' });
    scene.run(4);
    ann.command('say', { text: 'hello' });
    scene.run(2);
    expect(bob.core.entities.has(ann.id)).toBe(true);
    expect([ann.heard, bob.heard]).toEqual([['hello'], []]);
  });

  it('by one who is muted is not heard by who muted them, until that ends', () => {
    const scene = new TestHall();
    const [ann, bob, carol] = scene.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
    bob.core.mute(ann.id, true);
    ann.command('say', { text: 'one' });
    scene.run(2);
    bob.core.mute(ann.id, false);
    ann.command('say', { text: 'two' });
    scene.run(2);
    expect([bob.heard, carol.heard]).toEqual([['two'], ['one', 'two']]);
  });

  it('is muted for a bounded number of speakers', () => {
    const scene = new TestHall({ costPerS: 1_000, costBurst: 1_000 });
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    for (let entity = 1_000; entity < 1_000 + limits.mutes; entity++) bob.core.mute(entity, true);
    bob.core.mute(ann.id, true);
    expect(bob.connection.muted.size).toBe(limits.mutes);
    ann.command('say', { text: 'hello' });
    scene.run(2);
    expect(bob.heard).toEqual(['hello']);
  });

  it('by one in hiding is heard by who may see them', () => {
    const scene = new TestHall();
    const [ann, bob, carol] = scene.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
    ann.command('say', { text: 'hide' });
    carol.command('say', { text: 'watch' });
    scene.run(4);
    expect([bob.core.entities.has(ann.id), carol.core.entities.has(ann.id)]).toEqual([false, true]);
    ann.command('say', { text: 'psst' });
    scene.run(2);
    expect([bob.heard, carol.heard]).toEqual([[], ['psst']]);
  });
});

describe('[GW14] an input', () => {
  it('is passed on as it came, and is said again until it is stable', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    const from = scene.said.length;
    ann.send({ type: 'input', sequence: 1, tick: scene.tick + 3, sentMs: 0, body: Uint8Array.of(1, 2, 3) });
    scene.gateway.flush(scene.nowMs);
    expect(scene.said.slice(from)).toEqual([
      { op: 'input', session: ann.connection.session, sequence: 1, tick: scene.tick + 3, body: Uint8Array.of(1, 2, 3) },
    ]);
    expect(ann.connection.unstable).toHaveLength(1);
    scene.run(5);
    expect(ann.connection.unstable).toEqual([]);
    expect(inputs(scene, from)).toHaveLength(1);
  });

  it('that the bus loses is said again, and counts once', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    const from = scene.said.length;
    const session = ann.connection.session;
    ann.walk(0);
    ann.command('say', { text: 'hello' });
    // Nothing is heard of the zone for a while: what was said is lost for all the gateway knows.
    for (let ms = 0; ms < 2 * deadlines.unstableMs + 200; ms += 50) {
      scene.advance(50);
      scene.gateway.timer(scene.nowMs);
    }
    expect(inputs(scene, from).length).toBeGreaterThanOrEqual(4);
    expect(new Set(inputs(scene, from).map(String))).toEqual(new Set([`${session},1`, `${session},2`]));
    scene.tick += 20;
    scene.run(4);
    expect([ann.heard, ann.connection.unstable, ann.refused]).toEqual([['hello'], [], []]);
    expect(scene.zone.counters.inputs).toBe(2);
  });

  it('that comes again or leaves a gap is refused, and changes nothing', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    ann.walk(0);
    scene.run(2);
    const from = scene.said.length;
    for (const sequence of [1, 0, 3, 2 ** 40])
      ann.send({ type: 'input', sequence, tick: scene.tick + 1, sentMs: 0, body: Uint8Array.of(0) });
    scene.run(2);
    expect(ann.refused).toEqual(['input_replayed', 'input_replayed', 'input_gap', 'input_gap']);
    expect(inputs(scene, from)).toEqual([]);
    expect(ann.closedWith).toBeNull();
    ann.walk(2);
    scene.run(2);
    expect(ann.connection.sequence).toBe(2);
    expect(scene.gateway.refusals).toEqual({ input_replayed: 2, input_gap: 2 });
  });

  it('too many of which wait for the zone end the connection', () => {
    const scene = new TestHall({ costPerS: 1_000, costBurst: 1_000 });
    const [ann] = scene.join('ann') as [Guest];
    // Our own client sends fewer (SY29).
    const say = (sequence: number): void =>
      ann.send({ type: 'input', sequence, tick: scene.tick + 1, sentMs: 0, body: Uint8Array.of(0) });
    for (let sequence = 1; sequence <= limits.unstableInputs; sequence++) say(sequence);
    expect(ann.closedWith).toBeNull();
    say(limits.unstableInputs + 1);
    expect(ann.closedWith).toBe('zone_unreachable');
  });

  it('carries a time stamp that comes back with the time it was held', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    for (let i = 0; i < 40; i++) {
      ann.walk(i);
      scene.run();
    }
    // Everything here happens at once: what was held in the gateway is no part of the way there and back.
    expect(ann.core.clock.roundTripMs).toBeLessThan(1);
    expect(Math.abs(ann.core.clock.serverMs(scene.nowMs) - scene.nowMs)).toBeLessThan(1);
  });
});
