import { decodeBundle, decodeUplink, UplinkWriter } from '@lifeverse/contracts';
import { commandCodec } from '@lifeverse/sync/common';
import { describe, expect, it } from 'vitest';
import { TestPair, type TestPlayer } from './test-pair.ts';

const entityOf = (player: TestPlayer): number => player.core.session?.welcome.entity ?? 0;
const walk = (pair: TestPair, player: TestPlayer, towards: number): void => {
  player.core.command('walk', { towards, pace: 'walk' }, pair.nowMs);
};
const speaksOf = (op: string) => (bytes: Uint8Array) =>
  decodeUplink(bytes)?.ops.some((said) => said.op === op) === true;

function two(): { pair: TestPair; ann: TestPlayer; bob: TestPlayer } {
  const pair = new TestPair();
  const ann = pair.join('ann');
  const bob = pair.join('bob');
  pair.run(20);
  expect(pair.zone.store.count).toBe(2);
  return { pair, ann, bob };
}

describe('a player who leaves', () => {
  it('is gone from the world, and does not stand there for a while', () => {
    const { pair, ann } = two();
    ann.core.leave();
    pair.run(2);
    expect(ann.closedWith).toBe('session_left');
    expect(pair.zone.store.count).toBe(1);
  });

  it('is gone too when the bus loses the word of it', () => {
    const { pair, ann } = two();
    ann.core.leave();
    let lost = 0;
    pair.bus.up = (messages) => {
      if (lost > 0 || !messages.some(speaksOf('detach'))) return messages;
      lost++;
      return [];
    };
    pair.run(20);
    expect(lost).toBe(1);
    expect(pair.zone.store.count).toBe(1);
  });

  it('is not spoken of for ever: the zone says that it has heard', () => {
    const { pair, ann } = two();
    ann.core.leave();
    let said = 0;
    pair.bus.up = (messages) => {
      said += messages.filter(speaksOf('detach')).length;
      return messages;
    };
    pair.run(40);
    expect(said).toBe(1);
  });

  it('does not come back because an attach was overtaken or came twice', () => {
    const pair = new TestPair();
    const attaches: Uint8Array[] = [];
    pair.bus.up = (messages) => {
      attaches.push(...messages.filter(speaksOf('attach')));
      return messages;
    };
    const ann = pair.join('ann');
    pair.run(20);
    ann.core.leave();
    pair.run(2);
    pair.bus.up = (messages) => [...messages, ...attaches];
    pair.run(1);
    pair.bus.up = (messages) => messages;
    pair.run(20);
    expect(attaches).not.toHaveLength(0);
    expect(pair.zone.store.count).toBe(0);
  });
});

describe('a lost bundle', () => {
  it('is made up for at the players too, when a keyframe is the next that is heard of the stream', () => {
    const { pair, ann, bob } = two();
    walk(pair, bob, 0);
    pair.run(10);
    walk(pair, bob, 1);
    let keyless = 0;
    pair.bus.down = (messages) => {
      const changed = messages.some((bytes) => decodeBundle(bytes)?.sections.some(({ key }) => !key));
      if (!changed || keyless > 0) return messages;
      keyless++;
      return [];
    };
    for (let i = 0; i < 20 && keyless === 0; i++) pair.run(1);
    expect(keyless).toBe(1);
    // Whoever asks: a reminder that was under way, say.
    const asked = new UplinkWriter('g1', 1);
    for (let slot = 0; slot < 64; slot++) asked.add({ op: 'key', slot });
    pair.zone.uplink(asked.take(), pair.nowMs);
    pair.run(5);
    walk(pair, bob, 2);
    pair.run(10);
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    const row = pair.zone.store.rowOf(entityOf(bob)) as number;
    const shown = { x: 0, y: 0, vx: 0, vy: 0 };
    ann.core.entities.get(entityOf(bob))?.track.at(pair.tick, shown);
    expect(Math.abs(shown.x - (pair.zone.store.x[row] as number))).toBeLessThanOrEqual(50);
    expect(Math.abs(shown.y - (pair.zone.store.y[row] as number))).toBeLessThanOrEqual(50);
  });
});

describe('another owner of the zone', () => {
  it('knows nobody: players are told to join anew, and no identity is issued twice', () => {
    const { pair, ann, bob } = two();
    const before = [entityOf(ann), entityOf(bob)];
    pair.takeOver(2);
    pair.run(20);
    expect([ann.closedWith, bob.closedWith]).toEqual(['zone_unreachable', 'zone_unreachable']);
    const again = pair.join('ann');
    pair.run(20);
    expect(again.closedWith).toBeNull();
    expect(before).not.toContain(entityOf(again));
  });
});

describe('a gateway that was not heard for a while', () => {
  it('finds its players standing, and they go on with what they were doing', () => {
    const { pair, ann } = two();
    walk(pair, ann, 0);
    pair.run(10);
    const row = pair.zone.store.rowOf(entityOf(ann)) as number;
    pair.bus.up = () => [];
    pair.run(100);
    expect(pair.zone.store.vx[row]).toBe(0);
    pair.bus.up = (messages) => messages;
    pair.run(20);
    expect(ann.closedWith).toBeNull();
    expect(pair.zone.store.vx[row]).toBe(100);
  });

  it('is told who is there though the zone has forgotten all of it, and what it says makes up for that unnoticed', () => {
    const { pair, ann, bob } = two();
    walk(pair, bob, 0);
    pair.run(360);
    pair.bus.up = pair.bus.down = () => [];
    pair.run(80);
    // Nobody else sees what he saw: another interest is said before anything was heard.
    bob.core.leave();
    pair.run(2);
    pair.bus.up = (messages) => messages;
    pair.run(2);
    pair.bus.down = (messages) => messages;
    pair.run(20);
    walk(pair, ann, 0);
    pair.run(10);
    const row = pair.zone.store.rowOf(entityOf(ann)) as number;
    expect(pair.zone.store.vx[row]).toBe(100);
    expect(ann.closedWith).toBeNull();
  });

  it('[GW10] takes no stream for the one it knew, though its number has come to be the same', () => {
    const { pair, ann, bob } = two();
    walk(pair, bob, Math.PI);
    pair.run(150);
    // Dan, of another gateway, is about to go where nobody has been, and does so when nobody reads it any more.
    const other = new UplinkWriter('g2', 1);
    const codec = commandCodec(pair.layout);
    const east = codec.prepare('walk', { towards: 0, pace: 'walk' });
    if (typeof east === 'string') throw new Error(east);
    other.add({ op: 'attach', session: 1, character: 'dan', incarnation: 1, name: 'dan' });
    other.add({ op: 'input', session: 1, sequence: 1, tick: pair.tick, body: codec.encode([east]) });
    pair.bus.up = (messages) => [...messages, other.take()];
    pair.run(215);
    pair.bus.up = () => [other.take()];
    pair.bus.down = () => [];
    pair.run(100);
    bob.core.leave();
    pair.run(2);
    pair.bus.up = (messages) => [...messages, other.take()];
    // By now the zone has been told all that is wanted, and more than it had forgotten.
    pair.run(8);
    pair.bus.down = (messages) => messages;
    pair.run(20);
    const cells = [...ann.core.entities.values()].map(({ shadow }) => Math.floor(shadow.x / 32_000));
    expect(cells.sort()).toEqual([3, 4]);
    expect([ann.closedWith, ann.core.counters.rekeys]).toEqual([null, 0]);
  });

  it('says again who is there when the zone did not hear it the first time', () => {
    const { pair, ann } = two();
    pair.bus.up = () => [];
    pair.run(80);
    let lost = 0;
    pair.bus.up = (messages) =>
      messages.filter((bytes) => {
        const loses = lost < 1 && speaksOf('attach')(bytes);
        if (loses) lost++;
        return !loses;
      });
    pair.run(30);
    expect(lost).toBe(1);
    walk(pair, ann, 0);
    pair.run(10);
    const row = pair.zone.store.rowOf(entityOf(ann)) as number;
    expect(pair.zone.store.vx[row]).toBe(100);
  });
});

describe('a gateway that was started anew', () => {
  it('is heard of by its former life, if that wakes up: players are sent to the successor', () => {
    const { pair, ann, bob } = two();
    const former = pair.gateway;
    pair.restartGateway(2);
    pair.bus.down = (messages) => {
      for (const bytes of messages) former.bundle(bytes, pair.nowMs);
      return messages;
    };
    const carol = pair.join('carol');
    pair.run(20);
    expect([ann.closedWith, bob.closedWith, carol.closedWith]).toEqual(['server_stopping', 'server_stopping', null]);
  });

  it('does not take for its own what the zone still says to its former life', () => {
    const { pair } = two();
    pair.restartGateway(2);
    const carol = pair.join('carol');
    pair.bus.up = () => [];
    // Ann comes back through another gateway: what ends is the former life's first session, not Carol's.
    const other = new UplinkWriter('g2', 1);
    other.add({ op: 'attach', session: 7, character: 'ann', incarnation: 2, name: 'ann' });
    pair.zone.uplink(other.take(), pair.nowMs);
    pair.run(3);
    expect(carol.closedWith).toBeNull();
    pair.bus.up = (messages) => messages;
    pair.run(20);
    expect(carol.core.session?.welcome.incarnation).toBe(1);
    expect(pair.zone.store.rowOf(entityOf(carol))).toBeDefined();
  });
});
