import { BundleWriter, decodeUplink, type SessionRecord, type UplinkOp } from '@lifeverse/contracts';
import { defineWorld, plain, vec2 } from '@lifeverse/definition';
import { type ErrorCode, encodeClientMessage, limits, PROTOCOL_VERSION } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import type { Connection } from './connection.ts';
import { GatewayCore } from './gateway-core.ts';

const world = defineWorld({
  name: 'yard',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 1_024 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {},
  operations: { rest: {} },
});

type Relayed = Extract<UplinkOp, { op: 'operation' }>;

/** A gateway alone; the zone is what the test says. */
class Relay {
  readonly relayed: Relayed[] = [];
  readonly inputs: number[] = [];
  epoch = 1;
  readonly closed: ErrorCode[] = [];
  readonly gateway: GatewayCore;
  readonly connection: Connection;
  readonly #bundle = new BundleWriter();
  nowMs = 0;
  tick = 0;

  constructor(rates: object = {}) {
    this.gateway = new GatewayCore({
      gateway: 'g1',
      generation: 1,
      layout: world.layout,
      zones: { zone: 1 },
      rates,
      ports: {
        toZone: (_zone, bytes) => {
          for (const op of decodeUplink(bytes.slice())?.ops ?? []) {
            if (op.op === 'operation') this.relayed.push(op);
            if (op.op === 'input') this.inputs.push(op.sequence);
          }
        },
        redeem: (ticket) => ({ character: ticket, incarnation: 1, name: ticket }),
        allocate: (bytes) => new Uint8Array(bytes),
      },
    });
    const port = { write() {}, bufferedBytes: () => 0, close: (code: ErrorCode) => this.closed.push(code) };
    this.connection = this.gateway.connect(port, this.nowMs);
    const versions = { newest: PROTOCOL_VERSION, oldest: PROTOCOL_VERSION };
    this.receive({ type: 'hello', ...versions, layout: world.fingerprint, ticket: 'ann' });
    this.says({ attached: { entity: 1, incarnation: 1, handovers: 1 }, anchor: { x: 0, y: 0 }, audiences: 0 });
  }

  receive(message: Parameters<typeof encodeClientMessage>[0]): void {
    this.gateway.receive(this.connection, encodeClientMessage(message), this.nowMs);
  }

  /** What the zone says of the session in its next bundle. */
  says(record: Omit<SessionRecord, 'session'>): void {
    this.tick++;
    this.nowMs += 50;
    this.#bundle.session({ session: this.connection.session, ...record });
    const { epoch, tick } = this;
    const header = { zone: 1, epoch, generation: 1, since: epoch, sequence: tick, tick, rate: 256 };
    this.gateway.bundle(this.#bundle.take({ ...header, interestVersion: 1 }, new Uint8Array(21)), this.nowMs);
    while (this.gateway.fanOut(100, this.nowMs));
  }

  send(key: number, again = false, bytes = 3): void {
    this.receive({
      type: 'operation',
      key: new Uint8Array(16).fill(key),
      again,
      body: new Uint8Array(bytes).fill(key),
    });
    this.gateway.flush(this.nowMs);
  }

  input(sequence: number): void {
    this.receive({ type: 'input', sequence, tick: this.tick + 1, sentMs: 0, body: Uint8Array.of(0) });
    this.gateway.flush(this.nowMs);
  }

  /** So long without a word of the zone. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 50) {
      this.nowMs += 50;
      this.gateway.timer(this.nowMs);
    }
  }

  keys(): number[] {
    return this.relayed.map(({ key }) => key[0] as number);
  }
}

describe('[GW16] operations', () => {
  it('are passed on unread, counted, in order, with what the client says of them', () => {
    const relay = new Relay();
    relay.send(7);
    relay.send(8, true);
    expect(relay.relayed).toMatchObject([
      { sequence: 1, held: 0, again: false, key: new Uint8Array(16).fill(7), body: new Uint8Array(3).fill(7) },
      { sequence: 2, held: 0, again: true, key: new Uint8Array(16).fill(8), body: new Uint8Array(3).fill(8) },
    ]);
  });

  it('are said again, in order, until the zone says that it holds them, and not after that', () => {
    const relay = new Relay();
    relay.send(1);
    relay.send(2);
    relay.pass(450);
    expect(relay.keys()).toEqual([1, 2, 1, 2]);
    relay.says({ held: 1 });
    relay.pass(450);
    expect(relay.keys().slice(4)).toEqual([2]);
    expect(relay.relayed.at(-1)?.held).toBe(1);
    relay.says({ held: 2 });
    relay.pass(1_000);
    expect(relay.relayed).toHaveLength(5);
  });

  it('are kept for a zone that is silent, up to a limit; beyond it the player is better off coming back', () => {
    const relay = new Relay({ costPerS: 1_000, costBurst: 1_000 });
    for (let i = 0; i < limits.operationsInFlight; i++) relay.send(i);
    expect(relay.closed).toEqual([]);
    relay.send(99);
    expect(relay.closed).toEqual(['zone_unreachable']);
  });

  it('cost four times what an input does', () => {
    const relay = new Relay({ costPerS: 0.001, costBurst: 1 + 4 * 3 });
    for (let i = 0; i < 3; i++) relay.send(i);
    expect(relay.closed).toEqual([]);
    relay.send(4);
    expect(relay.closed).toEqual(['rate_exceeded']);
  });

  it('above a kilobyte are no message', () => {
    const relay = new Relay();
    relay.send(1, false, limits.operationBytes);
    expect(relay.closed).toEqual([]);
    relay.send(1, false, limits.operationBytes + 1);
    expect(relay.closed).toEqual(['malformed_message']);
  });
});

describe('[GW14] [GW28] what is not stable or not held', () => {
  const stands = { attached: { entity: 1, incarnation: 1, handovers: 1 }, anchor: { x: 0, y: 0 }, audiences: 0 };

  it('is not said again once it counts, and is said to another owner, in order, once that says who stands', () => {
    const relay = new Relay();
    for (const sequence of [1, 2, 3]) relay.input(sequence);
    relay.send(1);
    relay.send(2);
    relay.says({ stable: 1, applied: 3, held: 1 });
    relay.inputs.length = relay.relayed.length = 0;
    relay.pass(1_000);
    expect([relay.inputs, new Set(relay.keys())]).toEqual([[], new Set([2])]);
    relay.epoch = 2;
    relay.relayed.length = 0;
    relay.says({});
    expect([relay.inputs, relay.keys()]).toEqual([[], []]);
    relay.says({ ...stands, stable: 1, applied: 1, held: 1 });
    expect([relay.inputs, relay.keys()]).toEqual([[2, 3], [2]]);
    // It may have been done by the one before.
    expect(relay.relayed.at(-1)?.again).toBe(true);
    relay.inputs.length = 0;
    relay.pass(500);
    expect(relay.inputs.slice(0, 2)).toEqual([2, 3]);
    expect(relay.closed).toEqual([]);
  });
});
