import { serverType } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { deadlines } from './deadlines.ts';
import { BEHIND_BYTES } from './fan-out.ts';
import { type Guest, PERIOD_MS, TestHall } from './test-hall.ts';

const NOTE = 'n'.repeat(900);

/** Ann's socket takes nothing, and the others are busy enough to fill it: 2 KB a tick. */
function stalledAnn(): { scene: TestHall; ann: Guest; bob: Guest; carol: Guest } {
  const scene = new TestHall({ costPerS: 10_000, costBurst: 10_000, bytesPerS: 1e6, bytesBurst: 1e6 });
  const [ann, bob, carol] = scene.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
  ann.stalled = true;
  return { scene, ann, bob, carol };
}

function busy(scene: TestHall, bob: Guest, carol: Guest, ticks: number): void {
  for (let i = 0; i < ticks; i++) {
    bob.command('wear', { text: `${scene.tick} ${NOTE}` });
    carol.command('wear', { text: `${scene.tick} ${NOTE}` });
    bob.walk(scene.tick);
    scene.run();
  }
}

describe('[GW11] a player whose socket takes nothing', () => {
  it('is sent no more sections once 64 KiB wait, and is not cut at once', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 45);
    expect(ann.connection.state.kind).toBe('behind');
    const waiting = ann.bufferedBytes;
    expect(waiting).toBeGreaterThan(BEHIND_BYTES);
    expect(waiting).toBeLessThan(BEHIND_BYTES + 8_192);
    const { sections_dropped } = scene.gateway.counters;
    bob.command('say', { text: NOTE });
    busy(scene, bob, carol, 40);
    expect(carol.heard).toEqual([NOTE]);
    expect(ann.bufferedBytes).toBe(waiting);
    expect(scene.gateway.counters.sections_dropped - sections_dropped).toBeGreaterThanOrEqual(40);
    expect(ann.closedWith).toBeNull();
  });

  it('is keyed once it takes bytes again, and goes on as if nothing had been', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 60);
    bob.command('go', { x: '260', y: '260' });
    scene.run(2);
    const writes = ann.writes.length;
    ann.resume();
    expect(ann.types(writes)).toContain(serverType.keys);
    expect(ann.connection.state.kind).toBe('playing');
    expect(scene.wrongFor(ann)).toEqual([]);
    busy(scene, bob, carol, 20);
    expect(scene.wrongFor(ann)).toEqual([]);
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    expect(ann.core.entities.get(bob.id)?.shadow.components).toEqual([`${scene.tick - 1} ${NOTE}`]);
  });

  it('is keyed too when it was moved to another place meanwhile', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    ann.walk(0);
    ann.walk(0);
    busy(scene, bob, carol, 60);
    const before = ann.connection.state.kind === 'behind' ? ann.connection.state.group : null;
    ann.walk(0);
    busy(scene, bob, carol, 90);
    const after = ann.connection.state.kind === 'behind' ? ann.connection.state.group : null;
    expect(after).not.toBe(before);
    ann.resume();
    busy(scene, bob, carol, 10);
    expect(ann.core.entities.has(ann.id)).toBe(true);
    expect(ann.core.counters).toMatchObject({ errors: 0 });
    const inView = scene.wrongFor(ann).filter((id) => ann.core.entities.has(id));
    expect(inView).toEqual([]);
  });

  it('is keyed too what others around that place were shown all the while', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    const [dave, eve] = scene.join('dave', 'eve') as [Guest, Guest];
    for (const guest of [dave, eve]) guest.command('go', { x: '365', y: '250' });
    ann.walk(0);
    busy(scene, bob, carol, 60);
    expect(ann.connection.state.kind).toBe('behind');
    // Where Ann runs to, everything has stood still and been known for long.
    busy(scene, bob, carol, 140);
    expect(ann.connection.state.kind).toBe('behind');
    ann.resume();
    expect([dave, eve].map(({ id }) => ann.core.entities.get(id)?.shadow.x)).toEqual([365_000, 365_000]);
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
  });

  it('is keyed what it asked for meanwhile', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 45);
    ann.send({ type: 'rekey', reason: 'gap', cells: [17] });
    scene.run(2);
    const { keyframes_sent } = scene.gateway.counters;
    ann.resume();
    // The cell in which everything happens, and the one that was asked for.
    expect(scene.gateway.counters.keyframes_sent - keyframes_sent).toBe(2);
  });

  it('that takes bytes again in the middle of a tick gets nothing twice', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 45);
    for (let i = 0; i < 5; i++) {
      bob.command('wear', { text: `last words ${i}` });
      scene.run(1);
      bob.walk(i);
      scene.zoneTick();
      scene.gateway.bundle(scene.down.shift() as Uint8Array, scene.nowMs);
      ann.resume();
      while (scene.gateway.fanOut(1, scene.nowMs));
      ann.stalled = true;
      busy(scene, bob, carol, 45);
    }
    ann.resume();
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    expect(scene.wrongFor(ann)).toEqual([]);
  });

  it('is cut when that takes ten seconds', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 45);
    const ticks = deadlines.behindMs / PERIOD_MS;
    for (let i = 0; i < ticks - 10; i++) busy(scene, bob, carol, 1);
    expect(ann.closedWith).toBeNull();
    busy(scene, bob, carol, 20);
    expect(ann.closedWith).toBe('too_slow');
    expect(scene.said.filter(({ op }) => op === 'detach')).toMatchObject([{ character: 'ann', left: false }]);
  });

  it('never has more waiting than its cap, whatever it asks for and whatever is said around it', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 45);
    const cap = ann.bufferedBytes + BEHIND_BYTES + 8_192;
    const cells = Array.from({ length: 21 }, (_, i) => i);
    let most = 0;
    let sequence = ann.connection.sequence;
    for (let i = 0; i < 180 && ann.closedWith === null; i++) {
      for (let k = 0; k < 4; k++) ann.send({ type: 'rekey', reason: 'malformed', cells });
      bob.command('say', { text: NOTE });
      carol.command('say', { text: NOTE });
      ann.send({ type: 'input', sequence: ++sequence, tick: scene.tick & 0xffff, sentMs: 0, body: Uint8Array.of(200) });
      ann.send({ type: 'input', sequence: 1, tick: scene.tick & 0xffff, sentMs: 0, body: Uint8Array.of(200) });
      scene.run();
      most = Math.max(most, ann.bufferedBytes);
    }
    expect(most).toBeLessThan(cap);
  });

  it('is cut at once when what only it is told gathers beyond that', () => {
    const { scene, ann, bob, carol } = stalledAnn();
    busy(scene, bob, carol, 45);
    const before = ann.bufferedBytes;
    for (let i = 0; i < 100 && ann.closedWith === null; i++) {
      for (let k = 0; k < 150; k++)
        ann.send({ type: 'input', sequence: 1, tick: 0, sentMs: 0, body: Uint8Array.of(200) });
      scene.run();
    }
    expect(ann.closedWith).toBe('too_slow');
    expect(ann.bufferedBytes - before).toBeLessThan(BEHIND_BYTES + 16_384);
  });
});

describe('[GW12] beside a slow player', () => {
  it('the others are sent what they would be, in the same ticks', () => {
    const others = [false, true].map((stalls) => {
      const { scene, ann, bob, carol } = stalledAnn();
      ann.stalled = stalls;
      busy(scene, bob, carol, 120);
      return [bob, carol].map(({ writes, core }) => ({ writes: writes.map((bytes) => [...bytes]), ...core.counters }));
    });
    expect(others[1]).toEqual(others[0]);
  });

  it('nobody waits in the fan-out: a slice writes to as many as it may', () => {
    const { scene, ann, bob } = stalledAnn();
    bob.walk(0);
    scene.run(2);
    bob.walk(2);
    scene.zoneTick();
    scene.gateway.bundle(scene.down.shift() as Uint8Array, scene.nowMs);
    const writes = scene.guests.map((guest) => guest.writes.length);
    expect(scene.gateway.fanOut(2, scene.nowMs)).toBe(true);
    expect(scene.guests.map((guest, i) => guest.writes.length - (writes[i] as number)).reduce((a, b) => a + b)).toBe(2);
    while (scene.gateway.fanOut(2, scene.nowMs));
    expect(scene.guests.map((guest, i) => guest.writes.length - (writes[i] as number))).toEqual([1, 1, 1]);
    expect(ann.bufferedBytes).toBeGreaterThan(0);
  });
});
