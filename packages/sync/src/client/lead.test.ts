import type { World } from '@lifeverse/definition';
import { type ClientMessage, decodeClientMessage, limits, wireTime } from '@lifeverse/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Shadow } from '../common/index.ts';
import { ClientCore } from './client-core.ts';
import { TestServer } from './test-server.ts';
import { testWorld } from './test-world.ts';

const PERIOD_MS = 50;
/** What the server's clock shows when the client's shows 0. */
const OFFSET_MS = 50_000;
const FRAME_MS = 20;
const FRAMES_PER_COMMAND = 70;
const server = new TestServer(testWorld.layout);
const self: Shadow = { id: 7, generation: 1, tick: 1_000, x: 10_500, y: 10_500, vx: 0, vy: 0, components: [0] };

interface Way {
  readonly upMs: number;
  readonly downMs: number;
}

/** Plays over a link whose every round trip is another; returns each command with the server's time of sending. */
function play(ways: readonly Way[], frames: number): { atServerMs: number; tick: number }[] {
  let nowMs = 0;
  const commands: { atServerMs: number; tick: number }[] = [];
  const echoes: { atMs: number; bytes: Uint8Array }[] = [];
  let asked = 0;
  const send = (bytes: Uint8Array): void => {
    const message = decodeClientMessage(bytes) as ClientMessage;
    if (message.type === 'input') commands.push({ atServerMs: nowMs + OFFSET_MS, tick: message.tick });
    if (message.type !== 'heartbeat') return;
    const { upMs, downMs } = ways[asked++ % ways.length] as Way;
    const echo = { sentMs: message.sentMs & 0xffff, heldMs: 0, serverTime: wireTime(nowMs + upMs + OFFSET_MS) };
    echoes.push({ atMs: nowMs + upMs + downMs, bytes: server.private(null, echo) });
  };
  const nothing = (): void => undefined;
  const core = new ClientCore(testWorld as unknown as World, {
    send,
    joined: nothing,
    entered: nothing,
    left: nothing,
    heard: nothing,
    refused: nothing,
  });
  core.open('T');
  core.receive(server.welcome({ tick: 1_000, serverMs: OFFSET_MS }), nowMs);
  const tell = (): void => {
    const tick = Math.floor((nowMs + OFFSET_MS) / PERIOD_MS);
    core.receive(server.private({ tick, position: self, applied: commands.length, owned: [] }), nowMs);
  };
  tell();
  for (let frame = 0; frame < frames; frame++) {
    nowMs += FRAME_MS;
    for (const { bytes } of echoes.filter(({ atMs }) => atMs <= nowMs)) core.receive(bytes, nowMs);
    echoes.splice(0, echoes.length, ...echoes.filter(({ atMs }) => atMs > nowMs));
    // A heartbeat goes when nothing else has gone for a second.
    if (frame % FRAMES_PER_COMMAND === 0) core.command('walk', { towards: 0, pace: 'run' }, nowMs);
    tell();
    core.update(nowMs);
  }
  return commands;
}

const way = fc.record({ upMs: fc.integer({ min: 0, max: 3_000 }), downMs: fc.integer({ min: 0, max: 3_000 }) });

it('[SY26] no command names a tick that the server may refuse, however long messages were on their way, either way', () => {
  fc.assert(
    fc.property(fc.array(way, { minLength: 1, maxLength: 6 }), (ways) => {
      const futureTicks = limits.futureMs / PERIOD_MS;
      for (const { atServerMs, tick } of play(ways, 1_000))
        expect(tick).toBeLessThanOrEqual(Math.floor(atServerMs / PERIOD_MS) + futureTicks);
    }),
  );
});

it('[SY26] on a slow link that is as slow both ways a command is still sent ahead of time', () => {
  const commands = play([{ upMs: 300, downMs: 300 }], 1_000);
  const { atServerMs, tick } = commands.at(-1) as (typeof commands)[number];
  expect(tick * PERIOD_MS - atServerMs).toBeGreaterThan(200);
});
