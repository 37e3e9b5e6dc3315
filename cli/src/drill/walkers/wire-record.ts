import { ByteReader, decodeClientMessage, decodePrivate, decodeWelcome, serverType } from '@lifeverse/protocol';
import { PrivateCodec } from '@lifeverse/sync/common';
import counting from './counting-world.ts';
import type { Count, Input, Life, Told, Walk } from './record.ts';

const privates = new PrivateCodec(counting.world.layout);
const countedAt = privates.names.indexOf('counted');
const lastAt = privates.names.indexOf('last');

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What goes over one connection, as it is on the wire. */
export class WireRecord {
  /** Index of the gateway at its other end. */
  readonly gateway: number;
  /** Null until the server's welcome. */
  life: {
    readonly gateway: number;
    readonly entity: number;
    readonly inputs: Writable<Input>[];
    readonly told: Told[];
  } | null = null;
  #counted = 0;
  #last = 0;
  #acked = 0;

  constructor(gateway: number) {
    this.gateway = gateway;
  }

  /** `does`: what the player asked the SDK for. */
  sent(bytes: Uint8Array, does: Count | Walk | null, nowMs: number): void {
    const message = decodeClientMessage(bytes);
    if (typeof message === 'string' || message.type !== 'input' || does === null) return;
    const { sequence, tick } = message;
    this.life?.inputs.push({ sequence, tick, sentMs: nowMs, does, ackedMs: null, refused: false });
  }

  received(bytes: Uint8Array, nowMs: number): void {
    const from = new ByteReader(bytes, 1);
    if (bytes[0] === serverType.welcome) {
      const welcome = decodeWelcome(from);
      if (welcome !== undefined) this.life = { gateway: this.gateway, entity: welcome.entity, inputs: [], told: [] };
    } else if (bytes[0] === serverType.private && this.life !== null) this.#told(this.life, from, nowMs);
  }

  #told(life: NonNullable<WireRecord['life']>, from: ByteReader, nowMs: number): void {
    const message = decodePrivate(from);
    if (message === undefined || message.body.length === 0) return;
    const body = privates.decode(message.body);
    if (body === undefined) return;
    for (const { index, raw } of body.owned) {
      if (index === countedAt) this.#counted = Number(raw);
      if (index === lastAt) this.#last = Number(raw);
    }
    for (const { sequence } of body.refused) {
      const input = life.inputs[sequence - 1];
      if (input !== undefined) input.refused = true;
    }
    if (body.position === null) return;
    const { tick, applied, position } = body;
    for (; this.#acked < Math.min(applied, life.inputs.length); this.#acked++)
      (life.inputs[this.#acked] as Writable<Input>).ackedMs = nowMs;
    const place = { x: position.x / 1_000, y: position.y / 1_000 };
    life.told.push({ atMs: nowMs, tick, applied, ...place, counted: this.#counted, last: this.#last });
  }
}

/** Who never came to stand in the world had no life there. */
export function lived(wires: readonly WireRecord[]): Life[] {
  return wires.flatMap(({ life }) => (life === null || life.told.length === 0 ? [] : [life]));
}
