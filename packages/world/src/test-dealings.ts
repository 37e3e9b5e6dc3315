import { ManualClock } from '@lifeverse/base';
import {
  type Belongings,
  type Bundle,
  type DealingsAnswer,
  type DealingsAsk,
  decodeBundle,
  decodeDealingsAsk,
  decodeDeskRequest,
  encodeDealings,
  encodeDeskAnswer,
  encodeStored,
  type UplinkOp,
  UplinkWriter,
  type ZoneArrangement,
} from '@lifeverse/contracts';
import { belongings, dealings, defineWorld, plain, vec2 } from '@lifeverse/definition';
import { type ErrorCode, errorOfClose } from '@lifeverse/protocol';
import { operationCodec, PrivateCodec } from '@lifeverse/sync/common';
import { expect } from 'vitest';
import { type ServedWorld, serve } from './serve.ts';
import { showBelongings } from './show-belongings.ts';
import { ZoneCore } from './zone-core.ts';

const kinds = ['loaf', 'rose'] as const;
const fair = defineWorld({
  name: 'fair',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: {
    position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }),
    ...belongings({ kinds }),
  },
  commands: {},
  operations: dealings({ kinds, reachM: 4 }),
});
type Fair = (typeof fair)['definition'];

const stake = ({ money, items }: { money: number; items: readonly { id: number }[] }) => ({
  money: money === 0 ? {} : { coin: money },
  items: items.map(({ id }) => id),
});

const served = serve<Fair>(fair, {
  // Whoever is called after a side stands beside the line at 64 m, to that side of it.
  join: ({ self, guest }) =>
    self.teleport({ x: guest.name === 'west' ? 62.5 : guest.name === 'east' ? 65.5 : 50, y: 50 }),
  operations: {
    give: ({ to, input }) => ({ do: 'give', to, gives: stake(input) }),
    buy: ({ input }) => ({ do: 'buy', ...input }),
    drop: ({ input }) => ({ do: 'drop', item: input.item }),
    pickUp: ({ thing }) => ({ do: 'pick up', thing }),
    trade: (moment) => ({ do: 'trade', with: moment.with }),
    offer: ({ input }) => ({ do: 'offer', seen: input.seen, gives: stake(input) }),
    accept: ({ input }) => ({ do: 'accept', seen: input.seen }),
    cancel: () => ({ do: 'cancel' }),
    sell: ({ refuse }) => refuse('not_for_sale'),
  },
  belongings: {
    grants: [],
    stalls: [],
    tradeReachM: 6,
    thing: { kind: 'thing', components: () => ({}) },
    show: ({ self, has, table }) => showBelongings({ self, has, table }, { currency: 'coin', kinds }),
  },
});

export const operations = operationCodec(fair.layout);
const privates = new PrivateCodec(fair.layout);
export const keyed = (n: number): Uint8Array => new Uint8Array(16).fill(n);
type Answered = readonly [key: number, outcome: number | ErrorCode];

function bodyOf(name: string, input: Record<string, unknown>): Uint8Array {
  const message = operations.prepare(name, input);
  if (typeof message === 'string') throw new Error(message);
  return operations.encode([message]);
}

interface Asked<A extends DealingsAsk> {
  readonly ask: A;
  answer(answer: Partial<DealingsAnswer>): void;
  /** Puts it off. */
  later(code: ErrorCode): void;
}

export interface SceneSetup {
  readonly zone?: number;
  readonly arrangement?: ZoneArrangement;
  readonly toZone?: (zone: number, bytes: Uint8Array) => void;
}

/** A zone, a gateway that is what it says, and a desk that answers when it is told to. */
export class Scene {
  readonly asked: Asked<DealingsAsk>[] = [];
  readonly zone: ZoneCore;
  readonly #writer = new UplinkWriter('g1', 1);
  readonly #bundles: Bundle[] = [];
  readonly #sequences = new Map<number, number>();
  readonly #answers: (() => void)[] = [];
  #asOf = 0;
  tick = 0;

  constructor({ zone = 1, arrangement, toZone }: SceneSetup = {}) {
    this.zone = new ZoneCore({
      served: served as unknown as ServedWorld,
      zone,
      ...(arrangement !== undefined && { arrangement }),
      epoch: zone,
      seed: 1,
      clock: new ManualClock(),
      options: {},
      ports: {
        toGateway: (_gateway, bytes) => this.#bundles.push(decodeBundle(bytes.slice()) as Bundle),
        truth() {},
        fault: (where, error) => expect.fail(`${where}: ${error}`),
        toDesk: (bytes) => this.#toDesk(bytes),
        ...(toZone !== undefined && { toZone }),
      },
    });
  }

  /** Characters are loaded by the next tick; what is about belongings waits for the test. */
  #toDesk(bytes: Uint8Array): void {
    const request = decodeDeskRequest(bytes);
    if (request === undefined) throw new Error('no request');
    const { zone, epoch, number, kind, body } = request;
    const answer = (done: Uint8Array): void =>
      this.zone.desk(encodeDeskAnswer({ zone, epoch, number, outcome: { kind: 'done', body: done } }), this.tick * 50);
    if (kind === 'load')
      this.#answers.push(() => answer(encodeStored({ incarnation: 0, handovers: 0, zone: null, checkpoint: null })));
    if (kind !== 'durable') return;
    const ask = decodeDealingsAsk(body) as DealingsAsk;
    const send = (given: Partial<DealingsAnswer>): void =>
      answer(encodeDealings({ outcome: null, belongings: [], ...given }));
    if (ask.ask === 'market') this.#answers.push(() => send({ stocks: [], ground: [] }));
    else {
      const later = (code: ErrorCode): void => {
        const outcome = { kind: 'later', code, retryMs: 100 } as const;
        this.zone.desk(encodeDeskAnswer({ zone, epoch, number, outcome }), this.tick * 50);
      };
      this.asked.push({ ask, answer: send, later });
    }
  }

  has(holder: string, coin: number, ...items: { id: number; kind: string }[]): Belongings {
    return { holder, asOf: ++this.#asOf, money: { coin }, items };
  }

  say(...ops: UplinkOp[]): void {
    for (const op of ops) this.#writer.add(op);
    this.zone.uplink(this.#writer.take(), this.tick * 50);
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      for (const answer of this.#answers.splice(0)) answer();
      this.tick++;
      this.zone.tick(this.tick, this.tick * 50);
    }
  }

  /** In the world, with these belongings. */
  join(session: number, character: string, coin: number, ...items: { id: number; kind: string }[]): number {
    this.say({ op: 'attach', session, character, incarnation: 1, name: character });
    this.run(3);
    this.next('belongings').answer({ belongings: [this.has(character, coin, ...items)] });
    this.run();
    const entity = this.#records(session).find(({ attached }) => attached !== undefined)?.attached?.entity;
    return entity as number;
  }

  /** The next that was asked of the desk. */
  next<A extends DealingsAsk['ask']>(kind: A) {
    const asked = this.asked.shift();
    expect(asked?.ask.ask).toBe(kind);
    return asked as Asked<Extract<DealingsAsk, { ask: A }>>;
  }

  operation(session: number, key: number, name: string, input: Record<string, unknown>, again = false): void {
    this.raw(session, key, bodyOf(name, input), again);
  }

  /** Said, for the next tick; `held`: as many the gateway knows to be held. */
  prepare(session: number, key: number, name: string, input: Record<string, unknown>, held = 0): void {
    const body = bodyOf(name, input);
    this.say({ op: 'operation', session, sequence: held + 1, held, key: keyed(key), again: false, body });
  }

  raw(session: number, key: number, body: Uint8Array, again = false): void {
    const sequence = (this.#sequences.get(session) ?? 0) + 1;
    this.#sequences.set(session, sequence);
    this.say({ op: 'operation', session, sequence, held: sequence - 1, key: keyed(key), again, body });
    this.run();
  }

  #records(session: number) {
    return this.#bundles.flatMap(({ sessions }) => sessions.filter((record) => record.session === session));
  }

  held(session: number): (number | undefined)[] {
    return this.#records(session).flatMap(({ held }) => (held === undefined ? [] : [held]));
  }

  answers(session: number): Answered[] {
    return this.#records(session).flatMap(({ body }) =>
      (body === undefined ? [] : (privates.decode(body)?.answers ?? [])).map(
        ({ key, outcome }): Answered => [
          key[0] as number,
          outcome.done ? outcome.operation : (errorOfClose(outcome.code + 4_000) as ErrorCode),
        ],
      ),
    );
  }

  /** What the player is shown, by the names of components. */
  shown(session: number): Record<string, unknown> {
    const shown: Record<string, unknown> = {};
    for (const { body } of this.#records(session))
      for (const { index, raw } of body === undefined ? [] : (privates.decode(body)?.owned ?? []))
        shown[privates.names[index] as string] = privates.fields[index]?.fromRaw(raw);
    return shown;
  }
}
