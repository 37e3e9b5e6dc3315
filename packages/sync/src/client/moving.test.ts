import type { World } from '@lifeverse/definition';
import { type ClientMessage, decodeClientMessage, wireTime } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import type { Shadow } from '../common/index.ts';
import { ClientCore } from './client-core.ts';
import { TestServer } from './test-server.ts';
import { testWorld } from './test-world.ts';

const server = new TestServer(testWorld.layout);
const anchor = { x: 1, y: 1 };
const self: Shadow = { id: 7, generation: 1, tick: 1_000, x: 10_500, y: 10_500, vx: 0, vy: 0, components: [0] };
const other: Shadow = { ...self, id: 9, x: 12_000, vx: 100, components: [1] };
const walk = { towards: 0, pace: 'run' } as const;

function playing() {
  const sent: ClientMessage[] = [];
  const told: unknown[][] = [];
  const core = new ClientCore(testWorld as unknown as World, {
    send: (bytes) => sent.push(decodeClientMessage(bytes) as ClientMessage),
    joined: () => told.push(['joined']),
    entered: ({ id }) => told.push(['entered', id]),
    left: (id) => told.push(['left', id]),
    heard: (event) => told.push([event]),
    refused: (code) => told.push([code]),
    asked: (go) => told.push(['asked', go]),
    moved: () => told.push(['moved']),
  });
  core.open('T');
  core.receive(server.welcome(), 1_000);
  core.receive(server.keys(1_000, anchor, new Map([[0, [self, other]]])), 1_000);
  core.receive(server.private({ tick: 1_000, position: self, owned: [{ index: 0, raw: 40 }] }), 1_000);
  sent.length = told.length = 0;
  const inputs = () => sent.flatMap((message) => (message.type === 'input' ? [[message.sequence, message.tick]] : []));
  return { core, sent, told, inputs };
}

/** What the second connection's gateway says, all of it; true from when it has shown itself. */
function shows(core: ClientCore, messages: readonly Uint8Array[]): boolean[] {
  return messages.map((bytes) => core.receiveNext(bytes));
}

const place = (tick: number, applied: number, at = self): Uint8Array => server.private({ tick, applied, position: at });
const welcomed = server.welcome({ incarnation: 2, tick: 1_006, serverMs: 50_300 });

it('[PR36] a client that is asked to go hears why, by when and where, and goes on meanwhile', () => {
  const { core, told } = playing();
  const go = { reason: 'stopping', withinMs: 5_000, address: 'https://b.example' } as const;
  core.receive(server.go(go), 1_100);
  core.receive(server.go(go).subarray(0, 2), 1_100);
  expect([told, core.counters.errors, core.session?.tick]).toEqual([[['asked', go]], 1, 1_000]);
});

describe('[SY30] a second connection', () => {
  it('[PR35] begins with the incarnation that it goes on with; with nothing, when there is none', () => {
    const { core } = playing();
    expect(decodeClientMessage(core.move('T-2') as Uint8Array)).toEqual({
      ...{ type: 'move', newest: 4, oldest: 3, layout: testWorld.fingerprint, incarnation: 1, ticket: 'T-2' },
    });
    const outside = new ClientCore(testWorld as unknown as World, { send() {}, joined() {}, entered() {} } as never);
    expect([outside.move('T'), outside.receiveNext(welcomed)]).toEqual([null, false]);
  });

  it('has shown itself with who one is, what was applied and where one stands; until then nothing of it counts', () => {
    const { core, told } = playing();
    core.move('T-2');
    core.taken(1_290);
    const keys = server.keys(1_006, anchor, new Map([[0, [self]]]));
    core.move('T-2');
    const echo = { sentMs: 0, heldMs: 0, serverTime: wireTime(50_300) };
    const shown = shows(core, [welcomed, server.continued(0), keys, server.private(null, echo), place(1_006, 0)]);
    expect(shown).toEqual([false, false, false, false, true]);
    core.receive(server.frame(1_004, []), 1_290);
    expect([core.session?.welcome.incarnation, core.session?.tick, told]).toEqual([1, 1_004, []]);
    core.taken(1_300);
    expect([core.session?.welcome.incarnation, core.session?.tick]).toEqual([2, 1_006]);
  });

  it('that is taken keeps everybody in view but who has gone, and follows on from its keyframes', () => {
    const { core, told } = playing();
    const [track, owned] = [core.entities.get(9)?.track, core.session?.owned];
    const third: Shadow = { ...other, id: 11 };
    core.move('T-2');
    const keys = server.keys(1_006, anchor, new Map([[0, [self, { ...other, tick: 1_005 }, third]]]));
    shows(core, [welcomed, server.continued(0), keys, place(1_006, 0)]);
    core.taken(1_300);
    expect(told).toEqual([['entered', 11], ['moved']]);
    expect([core.entities.get(9)?.track === track, core.session?.owned === owned]).toEqual([true, true]);
    expect(core.session?.owned).toEqual([40]);
    // Of the first connection nothing is heard any more, and streams go on from the second's sequence.
    const still = server.section((out, sections) => {
      sections.noStructure(out);
      sections.endUpdates(out);
    });
    core.receive(server.frame(1_007, [{ index: 0, sequence: 1, bytes: still }]), 1_350);
    expect(core.counters).toMatchObject({ errors: 0, rekeys: 0 });
  });

  it('says again what was not applied, by the same numbers and ticks, before anything else, and nothing else', () => {
    const { core, sent, inputs } = playing();
    core.mute(9, true);
    for (let i = 0; i < 3; i++) core.command('walk', { ...walk, towards: i }, 1_000 + i * 50);
    core.receive(place(1_002, 1), 1_120);
    const said = inputs();
    core.move('T-2');
    // Given while the first connection may have ended already.
    core.command('walk', { ...walk, towards: 3 }, 1_200);
    shows(core, [welcomed, server.continued(2), place(1_006, 2)]);
    const all = [...said, ...inputs().slice(3)];
    sent.length = 0;
    core.taken(1_300);
    expect(inputs()).toEqual(all.slice(2));
    expect(sent.map(({ type }) => type)).toEqual(['input', 'input', 'mute']);
    core.command('walk', walk, 1_310);
    expect(inputs().at(-1)?.[0]).toBe(5);
  });

  it('leaves the own avatar where it was foreseen, and the clock as it was', () => {
    const { core } = playing();
    core.command('walk', walk, 1_000);
    core.update(1_290);
    const before = { x: 0, y: 0, vx: 0, vy: 0 };
    core.showSelf(1_290, before);
    const serverMs = core.clock.serverMs(1_290);
    core.move('T-2');
    // The first input is on its way still: nothing that is told contradicts what was foreseen.
    shows(core, [welcomed, server.continued(0), place(1_006, 0)]);
    core.taken(1_290);
    const after = { x: 0, y: 0, vx: 0, vy: 0 };
    core.showSelf(1_290, after);
    expect([after, core.clock.serverMs(1_290), core.avatar?.corrections]).toEqual([before, serverMs, 0]);
  });

  it('with a rate of time of its own changes what was foreseen', () => {
    const { core } = playing();
    core.move('T-2');
    const slow = server.welcome({ incarnation: 2, tick: 1_006, rate: 128 });
    shows(core, [slow, server.continued(0), place(1_006, 0)]);
    core.taken(1_290);
    expect(core.session).toMatchObject({ rate: 128 });
  });

  it.each<[string, Uint8Array, number]>([
    ['as another entity', server.welcome({ incarnation: 2, entity: 8 }), 1],
    ['with less than was applied', server.welcome({ incarnation: 2 }), 0],
    ['with more than was sent', server.welcome({ incarnation: 2 }), 9],
    ['in another world', server.welcome({ incarnation: 2, stepFingerprint: 'other' }), 1],
    ['in its former incarnation', server.welcome({ incarnation: 1 }), 1],
  ])('[PR15] that comes %s is joined by as for the first time, inputs being counted on', (_what, welcome, applied) => {
    const { core, told, sent, inputs } = playing();
    core.command('walk', walk, 1_000);
    core.receive(place(1_002, 1), 1_120);
    core.move('T-2');
    shows(core, [welcome, server.continued(applied), server.keys(1_006, anchor), place(1_000, 0)]);
    sent.length = 0;
    core.taken(1_300);
    expect(told.slice(0, 2)).toEqual([
      ['left', 7],
      ['left', 9],
    ]);
    expect([told.at(-1), inputs()]).toEqual([['joined'], []]);
    core.command('walk', walk, 1_310);
    expect(inputs().map(([sequence]) => sequence)).toEqual([applied + 1]);
  });
});
