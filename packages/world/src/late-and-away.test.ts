import { ManualClock } from '@lifeverse/base';
import { decodeBundle, type UplinkOp, UplinkWriter } from '@lifeverse/contracts';
import { choice, defineWorld, heading, plain, vec2, walker } from '@lifeverse/definition';
import { catalogue } from '@lifeverse/protocol';
import { commandCodec, PrivateCodec } from '@lifeverse/sync/common';
import { describe, expect, it } from 'vitest';
import { type ServedWorld, serve } from './serve.ts';
import { ZoneCore } from './zone-core.ts';

const lawn = defineWorld({
  name: 'lawn',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 40_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, walk: 2 } }),
    },
  },
});

/** A zone, and one gateway that is no more than what it says. */
function zoneAndVoice() {
  const sent: Uint8Array[] = [];
  const clock = new ManualClock();
  const zone = new ZoneCore({
    served: serve(lawn, {}) as unknown as ServedWorld,
    zone: 1,
    epoch: 1,
    seed: 1,
    clock,
    options: {},
    ports: { toGateway: (_gateway, bytes) => sent.push(bytes), truth() {}, fault() {} },
  });
  const writer = new UplinkWriter('g1', 1);
  return {
    zone,
    say(nowMs: number, ...ops: UplinkOp[]) {
      for (const op of ops) writer.add(op);
      zone.uplink(writer.take(), nowMs);
    },
    /** Codes of the inputs that were refused, in all bundles so far. */
    refused: () =>
      sent.flatMap((bytes) =>
        (decodeBundle(bytes)?.sessions ?? []).flatMap(({ body }) =>
          (body === undefined ? [] : (new PrivateCodec(lawn.layout).decode(body)?.refused ?? [])).map(
            ({ code }) => code,
          ),
        ),
      ),
  };
}

const who = { session: 1, character: 'ann', incarnation: 1 } as const;
const attach = { op: 'attach', ...who, name: 'Ann' } as const;
const away = { op: 'detach', ...who, left: false } as const;

function walkAt(tick: number, sequence = 1): UplinkOp {
  const codec = commandCodec(lawn.layout);
  const message = codec.prepare('walk', { towards: 0, pace: 'walk' });
  if (typeof message === 'string') throw new Error(message);
  return { op: 'input', session: who.session, sequence, tick, body: codec.encode([message]) };
}

describe('a zone that is late', () => {
  it('takes inputs that are in time, though it has not got to their tick', () => {
    const { zone, say, refused } = zoneAndVoice();
    say(40, attach);
    zone.tick(1, 50);
    say(2_010, walkAt(41));
    for (let tick = 39; tick <= 42; tick++) zone.tick(tick, 2_050);
    expect(refused()).toEqual([]);
    expect(zone.store.vx[0]).toBe(100);
  });

  it('refuses those that are too far ahead of the time', () => {
    const { zone, say, refused } = zoneAndVoice();
    say(40, attach);
    zone.tick(1, 50);
    say(60, walkAt(23));
    for (let tick = 2; tick <= 25; tick++) zone.tick(tick, tick * 50);
    expect(refused()).toEqual([catalogue.input_future.close - 4_000]);
  });
});

describe('an avatar whose player is away', () => {
  it('stands, whatever was still on its way', () => {
    const { zone, say } = zoneAndVoice();
    say(40, attach);
    zone.tick(1, 50);
    say(60, walkAt(4), away);
    for (let tick = 2; tick <= 10; tick++) zone.tick(tick, tick * 50);
    expect([zone.store.x[0], zone.store.y[0]]).toEqual([lawn.map.spawns[0]?.x, lawn.map.spawns[0]?.y]);
  });

  it('goes on where it stopped when the same connection is heard again', () => {
    const { zone, say } = zoneAndVoice();
    say(40, attach, walkAt(1));
    zone.tick(1, 50);
    // The gateway falls silent for longer than its lease, and is back.
    for (let tick = 2; tick <= 80; tick++) zone.tick(tick, tick * 50);
    expect(zone.store.vx[0]).toBe(0);
    say(4_010, attach);
    zone.tick(81, 4_050);
    expect(zone.store.vx[0]).toBe(100);
  });

  it('waits for its next command when the player has joined anew', () => {
    const { zone, say } = zoneAndVoice();
    say(40, attach, walkAt(1));
    zone.tick(1, 50);
    say(60, away, { ...attach, session: 2, incarnation: 2 });
    zone.tick(2, 100);
    expect(zone.store.vx[0]).toBe(0);
  });
});

describe('a character that has left', () => {
  it('does not come back as what it was before: an earlier incarnation that is heard of late is none', () => {
    const { zone, say } = zoneAndVoice();
    say(40, { ...attach, session: 2, incarnation: 2 });
    zone.tick(1, 50);
    say(60, { op: 'detach', session: 2, character: who.character, incarnation: 2, left: true });
    zone.tick(2, 100);
    say(110, attach);
    zone.tick(3, 150);
    expect(zone.store.count).toBe(0);
    say(160, { ...attach, session: 3, incarnation: 3 });
    zone.tick(4, 200);
    expect(zone.store.count).toBe(1);
  });
});
