import {
  ByteReader,
  decodeClientMessage,
  decodeContinued,
  decodePrivate,
  decodeWelcome,
  serverType,
} from '@lifeverse/protocol';
import { PrivateCodec } from '@lifeverse/sync/common';
import counting from './counting-world.ts';
import type { Does, Heard, Input, Life, Pace, Told } from './record.ts';

const privates = new PrivateCodec(counting.world.layout);
const countedAt = privates.names.indexOf('counted');
const lastAt = privates.names.indexOf('last');

const RATE_AT = 2;

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
  readonly rates: Pace[] = [];
  #heard: Omit<Heard, 'name'>[] = [];
  #counted = 0;
  #last = 0;
  #acked = 0;
  readonly #former: WireRecord | null;
  /** Its life goes on over another connection. */
  #over = false;

  readonly #heardMs: number;

  /** `former`: the one that the player plays by when this one is opened. `heardMs`: for how long what was heard is kept as bytes. */
  constructor(gateway: number, former: WireRecord | null, heardMs: number) {
    this.gateway = gateway;
    this.#former = former;
    this.#heardMs = heardMs;
  }

  /** `does`: what the player asked the SDK for; asked for once for each input, not for one that is said again. */
  sent(bytes: Uint8Array, does: () => Does | null, nowMs: number): void {
    const message = decodeClientMessage(bytes);
    const { life } = this;
    if (typeof message === 'string' || message.type !== 'input' || life === null) return;
    const { sequence, tick } = message;
    if (sequence <= life.inputs.length) return;
    const what = does();
    if (what !== null) life.inputs.push({ sequence, tick, sentMs: nowMs, does: what, ackedMs: null, refused: false });
  }

  /** In the last seconds. */
  get heard(): readonly Omit<Heard, 'name'>[] {
    return this.#heard;
  }

  received(bytes: Uint8Array, nowMs: number): void {
    this.#keep(bytes, nowMs);
    const from = new ByteReader(bytes, 1);
    if (this.#over) return;
    if (bytes[0] === serverType.welcome) {
      const welcome = decodeWelcome(from);
      if (welcome === undefined) return;
      this.life = { gateway: this.gateway, entity: welcome.entity, inputs: [], told: [] };
      this.rates.push({ atMs: nowMs, rate: welcome.rate });
    } else if (bytes[0] === serverType.continued) this.#continue(decodeContinued(from) ?? 0);
    else if (bytes[0] === serverType.pace) this.#paced(bytes, nowMs);
    else if (bytes[0] === serverType.private && this.life !== null) this.#told(this.life, from, nowMs);
  }

  /** What was begun on the former connection goes on here: it is one life. */
  #continue(applied: number): void {
    const former = this.#former;
    const known = former?.life?.told.at(-1)?.applied ?? Number.POSITIVE_INFINITY;
    if (former === null || former.life?.entity !== this.life?.entity || applied < known) return;
    this.life = former.life;
    this.#acked = former.#acked;
    former.life = null;
    former.#over = true;
  }

  #keep(bytes: Uint8Array, atMs: number): void {
    const keptMs = this.#heardMs;
    if (keptMs === 0) return;
    const oldestMs = this.#heard[0]?.atMs ?? atMs;
    // Many small ones are thrown away together.
    if (atMs - oldestMs > 2 * keptMs) this.#heard = this.#heard.filter((one) => atMs - one.atMs <= keptMs);
    this.#heard.push({ atMs, bytes });
  }

  #paced(bytes: Uint8Array, atMs: number): void {
    const rate = new ByteReader(bytes, RATE_AT).u16();
    this.rates.push({ atMs, rate });
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
