import { Random } from '@lifeverse/base';
import type { World } from '@lifeverse/definition';
import {
  type ClientMessage,
  catalogue,
  decodeClientMessage,
  type ErrorCode,
  limits,
  wireTime,
} from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellKey, commandCodec, compileView, type Shadow } from '../common/index.ts';
import { ClientCore } from './client-core.ts';
import { TestServer } from './test-server.ts';
import { testWorld } from './test-world.ts';

const { layout } = testWorld;
const server = new TestServer(layout);
const anchor = { x: 1, y: 1 };
const view = compileView(layout.viewCellsSquared);
const self: Shadow = { id: 7, generation: 1, tick: 1_000, x: 10_500, y: 10_500, vx: 0, vy: 0, components: [0] };
const other: Shadow = { ...self, id: 9, x: 12_000, vx: 100, components: [1] };

function client(options: { unreadable?: boolean } = {}) {
  const sent: ClientMessage[] = [];
  const told: unknown[][] = [];
  const core = new ClientCore(testWorld as unknown as World, {
    send(bytes) {
      const message = decodeClientMessage(bytes);
      if (typeof message === 'string') throw new Error(message);
      sent.push(message);
    },
    joined: () => told.push(['joined']),
    entered: ({ id }) => told.push(['entered', id]),
    left: (id) => told.push(['left', id]),
    heard: (event, from, values) => told.push([event, from, values]),
    refused: (code, sequence) => told.push([code, sequence]),
    ...(options.unreadable === false ? {} : { unreadable: () => told.push(['unreadable']) }),
  });
  return { core, sent, told };
}

/** In the world, with another in the same cell; the client's clock shows 1 s when it is 50 s on the server. */
function playing() {
  const one = client();
  one.core.open('T');
  one.core.receive(server.welcome(), 1_000);
  one.core.receive(server.keys(1_000, anchor, new Map([[0, [self, other]]])), 1_000);
  one.core.receive(server.private({ tick: 1_000, position: self, applied: 0, owned: [{ index: 0, raw: 40 }] }), 1_000);
  one.sent.length = one.told.length = 0;
  return one;
}

const moved = (tick: number, shadow: Shadow, to: Partial<Shadow>, slot = 1): Uint8Array =>
  server.section((out, sections) => {
    const { x, y, vx, vy } = { ...shadow, ...to };
    sections.noStructure(out);
    sections.writeUpdate(out, slot, -1, true, 0);
    sections.writeMove(out, cellKey(1, 1), shadow, tick, x, y, vx, vy);
    sections.endUpdates(out);
  });

describe('joining', () => {
  it('[PR14] begins with a hello', () => {
    const { core, sent } = client();
    core.open('T-1');
    expect(sent).toEqual([{ type: 'hello', newest: 4, oldest: 3, layout: testWorld.fingerprint, ticket: 'T-1' }]);
    expect(core.joined).toBe(false);
  });

  it('[PR20] [PR23] is done with the welcome, the keyframes of the view, and the place of the own avatar', () => {
    const { core, told } = client();
    core.open('T');
    core.receive(server.welcome({ tick: 1_000, entity: 7 }), 1_000);
    expect([core.joined, core.cellsInView, told]).toEqual([true, view.size, []]);
    core.receive(server.keys(1_000, anchor, new Map([[0, [self, other]]])), 1_000);
    expect(core.avatar).toBeNull();
    core.receive(server.private({ tick: 1_000, position: self, owned: [{ index: 0, raw: 40 }] }), 1_000);
    expect(told).toEqual([['entered', 7], ['entered', 9], ['joined']]);
    expect([core.session?.owned, core.privateFields.names]).toEqual([[40], ['purse']]);
    expect(core.entities.get(9)?.shadow).toEqual(other);
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    expect([core.showSelf(1_000, out), out.x]).toEqual([true, 10_500]);
  });

  it('forgets everybody when it begins anew', () => {
    const { core, told } = playing();
    core.open('T-2');
    expect(told).toEqual([
      ['left', 7],
      ['left', 9],
    ]);
    expect([core.joined, core.entities.size, core.avatar]).toEqual([false, 0, null]);
  });

  it.each<[string, object | string]>([
    ['another world', { ...layout, name: 'elsewhere' }],
    [
      'a layout that cannot be',
      { ...layout, components: [{ number: 1, name: 'x', audience: 'all', field: { kind: 'no' } }] },
    ],
    ['no layout', 'not JSON'],
  ])('[PR12] is of no use with %s', (_what, theirs) => {
    const { core, told } = client();
    core.open('T');
    core.receive(server.welcome({ layoutJson: typeof theirs === 'string' ? theirs : JSON.stringify(theirs) }), 1_000);
    expect([core.joined, told, core.counters.errors]).toEqual([false, [['unreadable']], 1]);
    const quiet = client({ unreadable: false });
    quiet.core.receive(server.welcome({ layoutJson: '!' }), 1_000);
    expect(quiet.core.joined).toBe(false);
  });
});

describe('[PR22] a frame', () => {
  it('tells what changed, stream by stream', () => {
    const { core } = playing();
    const bytes = moved(1_004, other, { x: 12_400, y: 10_700, vx: 0, vy: 50 });
    core.receive(server.frame(1_004, [{ index: 0, sequence: 1, bytes }]), 1_210);
    expect(core.entities.get(9)?.shadow).toMatchObject({ tick: 1_004, x: 12_400, y: 10_700, vx: 0, vy: 50 });
    expect(core.counters).toMatchObject({ frames: 1, updates: 1, errors: 0, rekeys: 0 });
    expect(core.staleness).toEqual([10]);
  });

  it('[PR21] counts ticks on from the last one, modulo 256', () => {
    const { core } = playing();
    for (const tick of [1_023, 1_024, 1_224, 1_424, 1_424]) core.receive(server.frame(tick, []), 1_000);
    expect(core.session?.tick).toBe(1_424);
    core.receive(server.pace(1_600, 256), 1_000);
    core.receive(server.event(1_800, 9, 'speech', { text: 'hi' }), 1_000);
    core.receive(server.private({ tick: 2_000 }), 1_000);
    core.receive(server.keys(2_100, anchor), 1_000);
    expect(core.session?.tick).toBe(2_100);
  });
});

describe('what only this player is told', () => {
  it('[PR21] is of a tick behind the others when the zone of the avatar is', () => {
    const { core } = playing();
    core.receive(server.frame(1_104, []), 1_000);
    core.receive(server.private({ tick: 1_104 - limits.ticksBehind }), 1_000);
    expect(core.session?.tick).toBe(1_104);
    core.receive(server.private({ tick: 1_304 }), 1_000);
    expect(core.session?.tick).toBe(1_304);
  });

  it('[PR24] an echo sets the clock; who answered late says so', () => {
    const { core } = playing();
    const echo = { sentMs: 1_000, heldMs: 20, serverTime: wireTime(50_090) };
    core.receive(server.private(null, echo), 1_120);
    expect(core.clock.roundTripMs).toBe(100);
    for (let nowMs = 1_120; nowMs < 3_000; nowMs += 16) core.update(nowMs);
    // 50 ms on the way back: at 1,120 it was 50,140 there.
    expect(core.clock.serverMs(3_000)).toBeCloseTo(52_020, 0);
  });

  it('[SY13] owned components, and refusals with their codes', () => {
    const { core, told } = playing();
    const code = (name: ErrorCode): number => catalogue[name].close - 4_000;
    const refused = [
      { sequence: 3, code: code('out_of_reach') },
      { sequence: 4, code: 127 },
    ];
    core.receive(server.private({ tick: 1_001, owned: [{ index: 0, raw: 41 }], refused }), 1_050);
    expect([core.session?.owned, told]).toEqual([[41], [['out_of_reach', 3]]]);
  });

  it('[PR25] events with who did them', () => {
    const { core, told } = playing();
    core.receive(server.event(1_001, 9, 'speech', { text: 'h\u00e9' }), 1_050);
    expect(told).toEqual([['speech', 9, { text: 'h\u00e9' }]]);
    core.receive(Uint8Array.of(0x45, 1, 9, 200), 1_050);
    expect(core.counters.errors).toBe(1);
  });

  it('[PR26] the rate of time', () => {
    const { core } = playing();
    core.command('walk', { towards: 0, pace: 'run' }, 1_000);
    core.update(1_200);
    core.receive(server.pace(1_001, 64), 1_210);
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    core.showSelf(1_210, out);
    expect(out.vx).toBe(75);
  });
});

describe('[SY26] commands', () => {
  it('name a tick that the server has not reached when they arrive, as the clock knows the way', () => {
    const { core, sent } = playing();
    core.receive(server.private(null, { sentMs: 900, heldMs: 0, serverTime: wireTime(50_000 - 50) }), 1_000);
    // A round trip of 100 ms, half of that as jitter for a start, 8 ms of margin.
    expect(core.leadMs).toBe(108);
    expect(core.command('walk', { towards: 0, pace: 'run' }, 1_000)).toBe(1);
    const input = sent.find((message) => message.type === 'input') as Extract<ClientMessage, { type: 'input' }>;
    expect(input).toMatchObject({ type: 'input', sequence: 1, tick: 1_003, sentMs: 1_000 });
    expect(commandCodec(layout).decode(input.body)).toMatchObject([
      { layout: { name: 'walk' }, raw: { towards: 0, pace: 0 } },
    ]);
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    core.showSelf(1_000, out);
    expect(out.vx).toBe(300);
    expect(core.command('say', { text: 'hi' }, 1_010)).toBe(2);
  });

  it('are refused where they are typed when they do not fit, and are not sent outside of the world', () => {
    const { core, sent } = playing();
    expect(core.command('walk', { towards: 0, pace: 'fly' }, 1_000)).toContain('"pace"');
    expect(core.command('fly', {}, 1_000)).toContain('"fly"');
    expect(client().core.command('walk', { towards: 0, pace: 'run' }, 1_000)).toBeUndefined();
    expect(sent).toEqual([]);
  });

  it('[SY29] beyond what a gateway keeps are not sent, move nobody, and are again once the server has applied some', () => {
    const { core, sent } = playing();
    const walk = (nowMs: number) => core.command('walk', { towards: 0, pace: 'run' }, nowMs);
    for (let at = 0; at < limits.inputsAhead; at++) expect(walk(1_000 + at * 50)).toBe(at + 1);
    const fullMs = 1_000 + limits.inputsAhead * 50;
    expect(walk(fullMs)).toBeUndefined();
    core.update(fullMs + limits.heartbeatMs);
    expect(sent.filter(({ type }) => type === 'input')).toHaveLength(limits.inputsAhead);
    expect(sent.at(-1)?.type).toBe('heartbeat');
    core.receive(server.private({ tick: 1_100, applied: 1, position: self }), fullMs + 2_000);
    expect([walk(fullMs + 2_000), walk(fullMs + 2_000)]).toEqual([limits.inputsAhead + 1, undefined]);
  });

  it('are not predicted on once they were refused', () => {
    const { core } = playing();
    core.command('walk', { towards: 0, pace: 'run' }, 1_000);
    core.update(1_200);
    const refused = [{ sequence: 1, code: catalogue.input_future.close - 4_000 }];
    core.receive(server.private({ tick: 1_003, applied: 1, position: self, refused }), 1_200);
    for (let nowMs = 1_200; nowMs < 2_000; nowMs += 16) core.update(nowMs);
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    core.showSelf(2_000, out);
    core.showSelf(2_200, out);
    expect(out).toEqual({ x: self.x, y: self.y, vx: 0, vy: 0 });
  });

  it('[PR16] a client that does nothing is heard at once and then once a second', () => {
    const { core, sent } = playing();
    for (let nowMs = 1_000; nowMs <= 5_000; nowMs += 100) core.update(nowMs);
    expect(sent).toEqual([1_000, 2_000, 3_000, 4_000, 5_000].map((sentMs) => ({ type: 'heartbeat', sentMs })));
    core.command('walk', { towards: 0, pace: 'run' }, 5_500);
    core.update(6_400);
    expect(sent.map(({ type }) => type).slice(5)).toEqual(['input']);
  });

  it('[PR18] mutes again whom it had muted, when it meets them on another connection', () => {
    const { core, sent } = playing();
    core.mute(9, true);
    core.mute(11, true);
    core.open('T-2');
    core.receive(server.welcome(), 1_000);
    core.receive(server.keys(1_000, anchor, new Map([[0, [self, other]]])), 1_000);
    sent.length = 0;
    core.receive(server.private({ tick: 1_000, position: self, applied: 0, owned: [{ index: 0, raw: 40 }] }), 1_000);
    expect(sent.filter(({ type }) => type === 'mute')).toEqual([{ type: 'mute', entity: 9, muted: true }]);
    core.receive(server.keys(1_001, anchor, new Map([[1, [{ ...other, id: 11 }]]])), 1_050);
    expect(sent.at(-1)).toEqual({ type: 'mute', entity: 11, muted: true });
  });

  it('[PR18] [PR19] mutes and leaves', () => {
    const { core, sent } = playing();
    core.mute(9, true);
    core.leave();
    expect(sent).toEqual([{ type: 'mute', entity: 9, muted: true }, { type: 'leave' }]);
  });
});

describe('[SY24] the own entity in the stream', () => {
  it('puts the avatar right when it was moved by something other than its player', () => {
    const { core } = playing();
    core.update(1_300);
    const bytes = moved(1_004, self, { x: 10_600 }, 0);
    core.receive(server.frame(1_004, [{ index: 0, sequence: 1, bytes }]), 1_300);
    expect([core.avatar?.corrections, core.avatar?.errorMm]).toEqual([1, 100]);
  });
});

describe('[SY25] what does not follow', () => {
  const nothing = server.section((out, sections) => {
    sections.noStructure(out);
    sections.endUpdates(out);
  });

  it('is asked for by its number and the reason, all of a frame at once', () => {
    const { core, sent } = playing();
    const wrong = server.section((out, sections) => {
      sections.beginStructure(out);
      sections.writeLeave(out, 6, 0);
      sections.endStructure(out);
      sections.endUpdates(out);
    });
    core.receive(
      server.frame(1_001, [
        { index: 2, sequence: 3, bytes: nothing },
        { index: 3, sequence: 1, bytes: wrong },
        { index: 4, sequence: 1, bytes: nothing },
        { index: 5, sequence: 2, bytes: nothing },
      ]),
      1_050,
    );
    expect(sent).toEqual([
      { type: 'rekey', reason: 'gap', cells: [2, 5] },
      { type: 'rekey', reason: 'checksum', cells: [3] },
    ]);
    core.receive(server.frame(1_002, [{ index: 2, sequence: 4, bytes: nothing }]), 1_100);
    expect([sent.length, core.counters.rekeys, core.counters.errors]).toEqual([2, 2, 0]);
  });

  it('is everything in view when a message cannot be read', () => {
    const { core, sent } = playing();
    core.receive(Uint8Array.of(0x42, 1, 0x01, 0xff), 1_050);
    expect(sent).toEqual([{ type: 'rekey', reason: 'malformed', cells: [...Array(view.size).keys()] }]);
    expect(core.counters.errors).toBe(1);
    core.receive(server.keys(1_003, anchor, new Map([[0, [self]]])), 1_100);
    expect([...core.entities.keys()]).toEqual([7]);
  });

  it('is asked for in parts when a view has more streams than fit', () => {
    const wide = { ...layout, viewCellsSquared: 64, audiences: ['owls', 'elves'] };
    const { core, sent } = client();
    core.receive(server.welcome({ layoutJson: JSON.stringify(wide), audiences: 0b10 }), 1_000);
    core.receive(Uint8Array.of(0x42, 1, 0xff, 0xff, 0xff, 0x7f, 0), 1_000);
    const size = compileView(64).size;
    const asked = sent.flatMap((message) => (message.type === 'rekey' ? [message.cells] : []));
    expect(asked.flat()).toEqual([...Array(size).keys(), ...Array.from({ length: size }, (_, i) => 2 * size + i)]);
    expect(asked.map((cells) => cells.length)).toEqual([256, 2 * size - 256]);
  });

  it.each(['42', '43', '430102', '45', '4501', '46', '4601', '460102', '4601020304', '00'])(
    'is an error and moves neither time nor view when it is cut: %s',
    (bytes) => {
      const { core, told } = playing();
      core.receive(Buffer.from(bytes, 'hex'), 1_050);
      expect([core.counters.errors, core.session?.tick, core.entities.size, told]).toEqual([1, 1_000, 2, []]);
    },
  );
});

describe('[PR12] a client of an older layout', () => {
  const newer = {
    ...layout,
    stepFingerprint: 'newer',
    components: [
      { number: 3, name: 'hat', audience: 'all' as const, field: { kind: 'text' as const, maxBytes: 20 } },
      {
        number: 1,
        name: 'temper',
        audience: 'all' as const,
        field: { kind: 'choice' as const, options: ['calm', 'merry', 'tired', 'grim'] },
      },
      ...layout.components.slice(1),
    ],
    commands: layout.commands.map((command) =>
      command.name === 'walk'
        ? {
            ...command,
            name: 'go',
            fields: [...command.fields, { number: 3, name: 'sneak', layout: { kind: 'bool' as const } }],
          }
        : command,
    ),
  };
  const newerServer = new TestServer(newer);
  const hatted: Shadow = { ...other, components: ['bowler', 3] };

  function adapted() {
    const one = client();
    one.core.open('T');
    one.core.receive(newerServer.welcome({ layoutJson: JSON.stringify(newer) }), 1_000);
    one.core.receive(
      newerServer.keys(1_000, anchor, new Map([[0, [{ ...self, components: ['', 0] }, hatted]]])),
      1_000,
    );
    one.core.receive(newerServer.private({ tick: 1_000, position: self, owned: [{ index: 0, raw: 9 }] }), 1_000);
    return one;
  }

  it("reads the newer server's streams, under its own names", () => {
    const { core, told } = adapted();
    expect(told).toEqual([['entered', 7], ['entered', 9], ['joined']]);
    expect(core.session?.sections.componentNames).toEqual(['hat', 'mood']);
    expect(core.entities.get(9)?.shadow.components).toEqual(['bowler', 3]);
    expect(core.session?.sections.components[1]?.fromRaw(3)).toBe('grim');
    expect(core.session?.owned).toEqual([9]);
  });

  it('commands by the names it knows, with the initial value of what it does not know', () => {
    const { core, sent } = adapted();
    expect(core.command('walk', { towards: 0, pace: 'walk' }, 1_000)).toBe(1);
    const input = sent.find((message) => message.type === 'input');
    expect(commandCodec(newer).decode(input?.body as Uint8Array)).toMatchObject([
      { layout: { name: 'go' }, raw: { towards: 0, pace: 1, sneak: 0 } },
    ]);
  });

  it('does not predict by a step that is not its own: it shows what the server tells', () => {
    const { core } = adapted();
    expect(core.session?.predicts).toBe(false);
    core.command('walk', { towards: 0, pace: 'run' }, 1_000);
    for (let nowMs = 1_000; nowMs <= 1_300; nowMs += 16) core.update(nowMs);
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    expect(core.showSelf(1_300, out)).toBe(true);
    expect([out.x, core.avatar?.corrections]).toEqual([self.x, 0]);
  });
});

describe('[SY27] whatever arrives', () => {
  const samples = [
    server.welcome(),
    server.welcome({ layoutJson: JSON.stringify(layout) }),
    server.keys(1_001, anchor, new Map([[0, [self, other]]])),
    server.frame(1_002, [{ index: 0, sequence: 1, bytes: moved(1_002, other, { x: 12_500, vx: 7 }) }]),
    server.private(
      { tick: 1_003, applied: 2, position: self, owned: [{ index: 0, raw: 3 }] },
      { sentMs: 9, heldMs: 1, serverTime: 5 },
    ),
    server.event(1_004, 9, 'speech', { text: 'hello' }),
    server.pace(1_005, 200),
  ];

  it('nothing is thrown, everything returns, and afterwards all is as it should be', () => {
    const random = new Random(fc.readConfigureGlobal().seed ?? 0);
    const { core } = playing();
    let nowMs = 1_000;
    const give = (bytes: Uint8Array): void => {
      nowMs += random.below(30);
      core.receive(bytes, nowMs);
      core.update(nowMs);
      if (random.chance(0.05)) core.command('walk', { towards: random.float() * 7, pace: 'run' }, nowMs);
      core.showSelf(nowMs, { x: 0, y: 0, vx: 0, vy: 0 });
    };
    for (const sample of samples) {
      for (let length = 0; length < sample.length; length++) give(sample.slice(0, length));
      for (let bit = 0; bit < sample.length * 8; bit++) {
        const turned = sample.slice();
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
        give(turned);
      }
    }
    for (let i = 0; i < 20_000; i++) {
      const bytes = random.chance(0.5)
        ? random.pick(samples).slice()
        : Uint8Array.from({ length: random.below(60) }, () => random.below(256));
      for (let times = random.below(5); times > 0 && bytes.length > 0; times--)
        bytes[random.below(bytes.length)] = random.below(256);
      if (bytes.length > 0 && random.chance(0.5)) bytes[0] = 0x41 + random.below(6);
      give(bytes);
    }
    expect(core.counters.errors).toBeGreaterThan(1_000);
    core.open('T');
    core.receive(server.welcome(), nowMs);
    core.receive(server.keys(1_000, anchor, new Map([[0, [self, other]]])), nowMs);
    core.receive(server.private({ tick: 1_000, position: self }), nowMs);
    expect([...core.entities.keys()]).toEqual([7, 9]);
    expect(core.avatar?.tick).toBe(1_000);
  });

  it('before the welcome is an error and nothing else', () => {
    const { core, told, sent } = client();
    for (const sample of samples.slice(2)) core.receive(sample, 1_000);
    expect([core.counters.errors, told, sent]).toEqual([5, [], []]);
  });
});
