import { catalogue, limits, OLDEST_VERSION, PROTOCOL_VERSION, serverType } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { deadlines } from './deadlines.ts';
import { type Guest, hall, TestHall } from './test-hall.ts';

/** The timer as the adapter calls it, without anything from the zone. */
function wait(scene: TestHall, ms: number): void {
  for (let waited = 0; waited < ms; waited += 50) {
    scene.advance(50);
    scene.gateway.timer(scene.nowMs);
  }
}

describe('[GW1] a socket', () => {
  it('that says nothing is closed in time', () => {
    const scene = new TestHall();
    const guest = scene.connect();
    wait(scene, deadlines.helloMs);
    expect(guest.closedWith).toBeNull();
    wait(scene, 200);
    expect(guest.closedWith).toBe('join_timeout');
    expect(scene.gateway.gauges()).toMatchObject({ connections: 0 });
    expect(scene.gateway.stopped).toBe(true);
  });

  it('joins with a good ticket, and is told its avatar, its place and what it sees', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    expect(ann.core.session?.welcome).toMatchObject({ version: PROTOCOL_VERSION, incarnation: 1, layoutJson: '' });
    expect(ann.core.avatar).not.toBeNull();
    expect(ann.core.entities.has(ann.id)).toBe(true);
    expect(scene.gateway.counters).toMatchObject({ joins: 1 });
    expect(scene.gateway.gauges()).toMatchObject({ players: 1, groups: 1, streams: 21 });
  });

  it.each(['ticket_invalid', 'ticket_expired', 'ticket_used'] as const)('with a bad ticket hears why: %s', (code) => {
    const scene = new TestHall();
    scene.tickets.set('bad', code);
    const guest = scene.connect();
    guest.hello('bad');
    expect(guest.closedWith).toBe(code);
    expect(scene.gateway.refusals).toEqual({ [code]: 1 });
  });

  it.each([
    [PROTOCOL_VERSION + 1, PROTOCOL_VERSION + 1, null],
    [OLDEST_VERSION - 1, 0, null],
    [PROTOCOL_VERSION + 5, OLDEST_VERSION, PROTOCOL_VERSION],
    [OLDEST_VERSION, OLDEST_VERSION, OLDEST_VERSION],
  ])('that speaks versions up to %i and down to %i is spoken to in %s', (newest, oldest, version) => {
    const scene = new TestHall();
    const guest = scene.connect();
    guest.hello('ann', { newest, oldest });
    scene.run(4);
    if (version === null) expect(guest.closedWith).toBe('version_unsupported');
    else expect(guest.core.session?.welcome.version).toBe(version);
  });

  it('of another build is given the layout, the others are not', () => {
    const scene = new TestHall();
    const guest = scene.connect();
    guest.hello('ann', { layout: 'another' });
    scene.run(4);
    expect(JSON.parse(guest.core.session?.welcome.layoutJson ?? '')).toEqual(JSON.parse(JSON.stringify(hall.layout)));
  });

  it('waits for the zone, which is asked until it answers', () => {
    const scene = new TestHall();
    const guest = scene.connect();
    guest.hello('ann');
    wait(scene, deadlines.attachMs);
    const asked = scene.said.filter(({ op }) => op === 'attach').length;
    expect(asked).toBeGreaterThanOrEqual(Math.floor(deadlines.attachMs / (deadlines.attachAgainMs + 200)));
    expect(asked).toBeLessThanOrEqual(1 + deadlines.attachMs / deadlines.attachAgainMs);
    expect(guest.closedWith).toBeNull();
    wait(scene, 200);
    expect(guest.closedWith).toBe('zone_unreachable');
    expect(scene.said.at(-1)).toMatchObject({ op: 'detach', left: false });
  });
});

describe('[GW2] a message', () => {
  it('before the welcome does not belong there', () => {
    const scene = new TestHall();
    const [early, again, waiting] = [scene.connect(), scene.connect(), scene.connect()];
    early.send({ type: 'heartbeat', sentMs: 1 });
    again.hello('ann');
    again.hello('ann');
    waiting.hello('bob');
    waiting.send({ type: 'leave' });
    expect([early, again, waiting].map(({ closedWith }) => closedWith)).toEqual(
      new Array(3).fill('unexpected_message'),
    );
  });

  it('a second hello does not belong there either', () => {
    const scene = new TestHall();
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    ann.hello('carol');
    scene.run(2);
    expect([ann.closedWith, bob.closedWith]).toEqual(['unexpected_message', null]);
    expect(scene.zone.gauges()).toMatchObject({ players: 2 });
  });

  it.each([
    ['nothing', [], 'malformed_message'],
    ['an unknown type', [0x99], 'malformed_message'],
    ['a cut heartbeat', [0x03, 1], 'malformed_message'],
    ['bytes left over', [0x06, 0], 'malformed_message'],
    ['too much', new Array(limits.messageBytes + 1).fill(2), 'message_too_large'],
  ] as const)('that is none closes: %s', (_, bytes, code) => {
    const scene = new TestHall();
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    ann.sendBytes(Uint8Array.from(bytes));
    expect([ann.closedWith, bob.closedWith]).toEqual([code, null]);
    const said = scene.said.length;
    ann.sendBytes(Uint8Array.of(0x06));
    scene.run();
    expect(scene.said.slice(said).filter(({ op }) => op === 'detach')).toMatchObject([{ left: false }]);
  });
});

describe('[GW3] a client', () => {
  it('that sends more messages than its allowance goes', () => {
    const scene = new TestHall({ costPerS: 10, costBurst: 20 });
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    for (let i = 0; i < 25; i++) ann.send({ type: 'heartbeat', sentMs: i });
    expect([ann.closedWith, bob.closedWith]).toEqual(['rate_exceeded', null]);
  });

  it('that sends more bytes than its allowance goes', () => {
    const scene = new TestHall({ bytesPerS: 1_000, bytesBurst: 2_000 });
    const [ann] = scene.join('ann') as [Guest];
    ann.send({ type: 'input', sequence: 1, tick: 1, sentMs: 0, body: new Uint8Array(1_500) });
    expect(ann.closedWith).toBeNull();
    ann.send({ type: 'input', sequence: 2, tick: 1, sentMs: 0, body: new Uint8Array(600) });
    expect(ann.closedWith).toBe('rate_exceeded');
  });

  it('within its allowance stays for ever', () => {
    const scene = new TestHall({ costPerS: 10, costBurst: 20 });
    const [ann] = scene.join('ann') as [Guest];
    for (let i = 0; i < 400; i++) {
      if (i % 4 === 0) ann.send({ type: 'heartbeat', sentMs: i });
      scene.run();
    }
    expect(ann.closedWith).toBeNull();
  });

  it('that asks for keyframes again and again in a tick gets each of them once', () => {
    const scene = new TestHall({ costPerS: 1_000, costBurst: 1_000 });
    const [ann] = scene.join('ann') as [Guest];
    const before = { ...scene.gateway.counters };
    const writes = ann.writes.length;
    for (let i = 0; i < 50; i++) ann.send({ type: 'rekey', reason: 'gap', cells: [0, 0, 1, 200] });
    ann.send({ type: 'rekey', reason: 'gap', cells: [1, 2] });
    scene.run();
    expect(scene.gateway.counters.rekeys_gap - before.rekeys_gap).toBe(51);
    expect(scene.gateway.counters.keyframes_sent - before.keyframes_sent).toBe(3);
    expect(ann.types(writes).filter((type) => type === serverType.keys).length).toBeLessThanOrEqual(2);
    ann.send({ type: 'rekey', reason: 'gap', cells: [0] });
    scene.run();
    expect(scene.gateway.counters.keyframes_sent - before.keyframes_sent).toBe(4);
    expect(ann.core.counters.errors).toBe(0);
  });

  it('pays for keyframes more than for anything else', () => {
    const scene = new TestHall({ costPerS: 1, costBurst: 100 });
    const [ann] = scene.join('ann') as [Guest];
    for (let i = 0; i < 13; i++) ann.send({ type: 'rekey', reason: 'checksum', cells: [] });
    expect(ann.closedWith).toBe('rate_exceeded');
  });
});

describe('[GW4] the end of a connection', () => {
  it('comes to who says nothing', () => {
    const scene = new TestHall();
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    for (let ms = 0; ms < deadlines.idleMs + 500; ms += 50) {
      if (ms % 1_000 === 0) bob.send({ type: 'heartbeat', sentMs: 0 });
      scene.advance(50);
      scene.gateway.timer(scene.nowMs);
    }
    expect([ann.closedWith, bob.closedWith]).toEqual(['idle_timeout', null]);
  });

  it('is told the zone, with whether it was meant', () => {
    const scene = new TestHall();
    const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
    ann.core.leave();
    scene.gateway.disconnected(bob.connection, scene.nowMs);
    scene.run();
    const ends = scene.said.filter(({ op }) => op === 'detach');
    expect(ends).toMatchObject([
      { character: 'ann', left: true },
      { character: 'bob', left: false },
    ]);
    expect([ann.closedWith, bob.closedWith]).toEqual(['session_left', null]);
    expect(scene.zone.gauges()).toMatchObject({ players: 1 });
    expect(scene.gateway.gauges()).toMatchObject({ connections: 0, players: 0, groups: 0, streams: 0 });
  });

  it('comes to all at once when the gateway stops', () => {
    const scene = new TestHall();
    const guests = [...scene.join('ann', 'bob'), scene.connect()];
    scene.gateway.stop('server_stopping', scene.nowMs);
    expect(guests.map(({ closedWith }) => closedWith)).toEqual(new Array(3).fill('server_stopping'));
    expect(scene.said.filter(({ op }) => op === 'detach')).toHaveLength(2);
    expect(scene.gateway.stopped).toBe(true);
  });

  it('comes once: what is sent or told afterwards changes nothing', () => {
    const scene = new TestHall();
    const [ann] = scene.join('ann') as [Guest];
    ann.core.leave();
    const writes = ann.writes.length;
    ann.sendBytes(Uint8Array.of(0xff));
    scene.gateway.disconnected(ann.connection, scene.nowMs);
    scene.gateway.drained(ann.connection, scene.nowMs);
    scene.run(3);
    expect([ann.closedWith, ann.writes.length]).toEqual(['session_left', writes]);
    expect(scene.said.filter(({ op }) => op === 'detach')).toHaveLength(1);
  });

  it('has a close number of its own for every reason', () => {
    for (const code of ['join_timeout', 'unexpected_message', 'rate_exceeded', 'idle_timeout', 'too_slow'] as const)
      expect(catalogue[code].close).toBeGreaterThanOrEqual(4_000);
  });
});
