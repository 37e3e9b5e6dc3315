import { ByteReader, decodePrivate, decodeWelcome, limits, PROTOCOL_VERSION, serverType } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { RawPlayer, RawStage, unframed } from './test-stage.ts';

const typesOf = (player: RawPlayer): Set<number> => new Set(player.messages().map((message) => message[0] as number));

function welcomeOf(player: RawPlayer) {
  const bytes = player.messages().find((message) => message[0] === serverType.welcome) as Uint8Array;
  return decodeWelcome(new ByteReader(bytes, 1));
}

describe('[PR28] a client of the version before', () => {
  function both() {
    const stage = new RawStage();
    const former = stage.join('former', 3);
    const present = stage.join('present', 4);
    stage.run(10);
    return { stage, former, present };
  }

  it('is served in its version', () => {
    const { former, present } = both();
    expect([welcomeOf(former)?.version, welcomeOf(present)?.version]).toEqual([3, 4]);
  });

  it('plays, and is told everything, but neither asked for what its version does not have nor let in by it', () => {
    const { stage, former, present } = both();
    former.command('walk', { towards: 0, pace: 'run' });
    stage.run(5);
    stage.zone.rate = 128;
    former.command('say', { text: 'hello' });
    stage.run(20, () => present.command('walk', { towards: stage.tick, pace: 'run' }));
    const { frame, keys, private: own, events, pace, welcome } = serverType;
    expect([...typesOf(former)].sort()).toEqual([welcome, frame, keys, own, events, pace]);
    expect([...typesOf(present)].sort()).toEqual([welcome, frame, keys, own, events, pace]);
    const row = stage.zone.store.rowOf(welcomeOf(former)?.entity as number) as number;
    expect(stage.zone.store.vx[row]).toBe(150);
    expect(former.closedWith).toBeNull();
    stage.gateway.leave(10_000, () => ['https://b.example'], stage.nowMs);
    stage.run(20);
    expect([former, present].map((player) => typesOf(player).has(serverType.go))).toEqual([false, true]);
    stage.gateway.stay();
    const moving = new RawPlayer(stage, 'former');
    const layout = stage.wood.fingerprint;
    moving.send({ type: 'move', newest: 3, oldest: 3, layout, incarnation: 1, ticket: 'former' });
    expect(moving.closedWith).toBe('version_unsupported');
  });

  it('that speaks neither this version nor the one before is sent away', () => {
    const stage = new RawStage();
    const [ancient, strange] = [stage.join('ancient', 0), stage.join('strange', 0)];
    expect([ancient.closedWith, strange.closedWith]).toEqual(['version_unsupported', 'version_unsupported']);
  });
});

/** The low 8 bits of the tick that a message names; undefined for the welcome. */
function tickIn(message: Uint8Array): number | undefined {
  if (message[0] === serverType.welcome) return undefined;
  if (message[0] !== serverType.private) return message[1];
  const body = decodePrivate(new ByteReader(message, 1))?.body;
  return body === undefined || body.length === 0 ? undefined : body[0];
}

describe('[PR21] a player hears of ticks often enough to count on', () => {
  it.each([20, 100])('in a world where nothing moves, at %i Hz', (tickHz) => {
    const stage = new RawStage({ tickHz });
    const ann = stage.join('ann');
    stage.run(10);
    let last = stage.tick;
    let longest = 0;
    for (let i = 0; i < 60 * tickHz; i++) {
      const before = ann.written.length;
      if (stage.tick % tickHz === 0) ann.heartbeat();
      stage.run(1);
      const fresh = ann.written.slice(before).flatMap((bytes) => [...unframed(bytes)]);
      for (const low of fresh.map(tickIn)) {
        if (low === undefined) continue;
        // The zone's last word, or the one before this tick's.
        expect((stage.tick - low) & 0xff).toBeLessThanOrEqual(1);
        longest = Math.max(longest, stage.tick - last);
        last = stage.tick;
      }
    }
    expect(longest).toBeGreaterThan(20);
    expect(longest).toBeLessThanOrEqual(limits.ticksBetweenFrames);
  });

  it.each([20, 100])('or is cut, at %i Hz, when the socket takes nothing for too long', (tickHz) => {
    const stage = new RawStage({ tickHz });
    const [ann, bob] = [stage.join('ann'), stage.join('bob')];
    stage.run(10);
    ann.stalled = true;
    const from = stage.tick;
    const turn = (): void => {
      if (stage.tick % 10 === 0) bob.command('walk', { towards: stage.tick, pace: 'run' });
      if (stage.tick % tickHz === 0) ann.heartbeat();
    };
    while (ann.closedWith === null && stage.tick - from < 1_000) stage.run(1, turn);
    expect([ann.closedWith, bob.closedWith]).toEqual(['too_slow', null]);
    expect(stage.tick - from).toBeLessThan(256);
  });

  it('or is sent away to come back, when the world stood still for longer than can be told', () => {
    const stage = new RawStage();
    const ann = stage.join('ann');
    stage.run(10);
    stage.tick += limits.ticksBetweenFrames;
    stage.run(1);
    expect(ann.closedWith).toBe('zone_unreachable');
    const again = stage.join('bob');
    stage.run(10);
    stage.tick += limits.ticksBetweenFrames - 10;
    stage.run(1);
    expect([again.closedWith, welcomeOf(again)?.version]).toEqual([null, PROTOCOL_VERSION]);
  });
});

it('[PR22] [PR23] [PR24] what belongs together comes in one write: frame, then keyframes, events, and the own word last', () => {
  const stage = new RawStage();
  const ann = stage.join('ann');
  const bob = stage.join('bob');
  stage.run(10);
  ann.written.length = 0;
  ann.command('walk', { towards: 0, pace: 'run' });
  bob.command('say', { text: 'now' });
  stage.run(1);
  const rank = [serverType.frame, serverType.keys, serverType.events, serverType.private] as number[];
  const order = [...unframed(ann.written[0] as Uint8Array)].map((message) => rank.indexOf(message[0] as number));
  expect(order).toEqual([0, 2, 3]);
  for (let i = 0; i < 200; i++) {
    ann.written.length = 0;
    if (i % 7 === 0) ann.command('walk', { towards: i, pace: 'run' });
    stage.run(1);
    for (const bytes of ann.written) {
      const ranks = [...unframed(bytes)].map((message) => rank.indexOf(message[0] as number));
      expect(ranks).toEqual([...ranks].sort());
    }
  }
});
