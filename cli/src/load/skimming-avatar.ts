import { type Body, compileStepInput, type World } from '@lifeverse/definition';
import {
  ByteReader,
  catalogue,
  decodePrivate,
  decodeWelcome,
  encodeClientMessage,
  errorOfClose,
  limits,
  OLDEST_VERSION,
  PROTOCOL_VERSION,
  type RawRecord,
  serverType,
} from '@lifeverse/protocol';
import { commandCodec, type MessageCodec, PrivateCodec } from '@lifeverse/sync/common';
import type { Avatar, AvatarEvents, Place, Walk } from './avatar.ts';
import type { AvatarContext } from './decoding-avatar.ts';

/** Codecs of a world, made once for all who skim. */
export interface SkimmingCodecs {
  readonly privates: PrivateCodec;
  readonly commands: MessageCodec;
  readonly stepInput: (raw: RawRecord) => object;
  readonly periodMs: number;
}

export function skimmingCodecs({ layout }: World): SkimmingCodecs {
  const predicted = layout.commands.find((command) => command.predicted);
  return {
    privates: new PrivateCodec(layout),
    commands: commandCodec(layout),
    stepInput: predicted === undefined ? () => ({}) : compileStepInput(predicted),
    periodMs: 1_000 / layout.tickHz,
  };
}

const BASE_CLOSE_CODE = catalogue.malformed_message.close;
/** Beyond the quickest round trip's half: so far ahead an input names its tick. */
const LEAD_MARGIN_MS = 10;
/** What is not followed for so long was a pause. */
const MOST_TICKS = 60;

/**
 * A player who says all that a client says and is sent all that a client is sent, but only counts what it is shown of
 * others. Costs a tenth of a whole client, so that a crowd of thousands fits beside those who are measured.
 */
export class SkimmingAvatar implements Avatar {
  readonly prompt = false;
  readonly #context: AvatarContext;
  readonly #codecs: SkimmingCodecs;
  readonly #events: AvatarEvents;
  readonly #body: Body = { x: 0, y: 0 };
  #bodyTick = 0;
  #held: object | null = null;
  #state: 'outside' | 'welcomed' | 'inside' = 'outside';
  #sequence = 0;
  #lastSentMs = 0;

  constructor(context: AvatarContext, codecs: SkimmingCodecs, events: AvatarEvents) {
    this.#context = context;
    this.#codecs = codecs;
    this.#events = events;
  }

  open(ticket: string): void {
    const layout = this.#context.world.fingerprint;
    const hello = { type: 'hello', newest: PROTOCOL_VERSION, oldest: OLDEST_VERSION, layout, ticket } as const;
    this.#events.send(encodeClientMessage(hello));
  }

  receive(payload: Uint8Array, nowMs: number): void {
    switch (payload[0]) {
      case serverType.frame:
        this.#context.measures.updates++;
        break;
      case serverType.private:
        this.#private(payload, nowMs);
        break;
      case serverType.welcome:
        this.#welcome(payload, nowMs);
        break;
      case serverType.keys:
      case serverType.events:
      case serverType.pace:
      case serverType.go:
        break;
      default:
        this.#context.measures.protocolErrors++;
    }
  }

  #welcome(payload: Uint8Array, nowMs: number): void {
    const welcome = decodeWelcome(new ByteReader(payload, 1));
    if (welcome === undefined) {
      this.#context.measures.protocolErrors++;
      return;
    }
    this.#context.clock.atLeast(welcome.serverMs, nowMs);
    this.#state = 'welcomed';
    this.#sequence = 0;
    this.#held = null;
    this.#lastSentMs = nowMs;
  }

  #private(payload: Uint8Array, nowMs: number): void {
    const message = decodePrivate(new ByteReader(payload, 1));
    if (message !== undefined && message.body.length === 0) return;
    const body = message === undefined ? undefined : this.#codecs.privates.decode(message.body);
    if (body === undefined) {
      this.#context.measures.protocolErrors++;
      return;
    }
    for (const { code } of body.refused) {
      const refusal = errorOfClose(code + BASE_CLOSE_CODE);
      if (refusal !== undefined) this.#events.refused(refusal);
    }
    if (body.position === null) return;
    const near = this.#tickAt(nowMs);
    this.#bodyTick = near - ((near - body.tick) & 0xff);
    this.#body.x = body.position.x;
    this.#body.y = body.position.y;
    if (this.#state !== 'welcomed') return;
    this.#state = 'inside';
    this.#events.joined();
  }

  #tickAt(nowMs: number): number {
    return Math.floor(this.#context.clock.serverMs(nowMs) / this.#codecs.periodMs);
  }

  walk(walk: Walk, nowMs: number): void {
    const { commands, stepInput, periodMs } = this.#codecs;
    const message = commands.prepare('walk', { ...walk });
    if (this.#state !== 'inside' || typeof message === 'string') return;
    this.#advance(nowMs);
    this.#held = stepInput(message.raw);
    const leadMs = this.#context.clock.roundTripMs / 2 + LEAD_MARGIN_MS;
    const tick = Math.floor((this.#context.clock.serverMs(nowMs) + leadMs) / periodMs) + 1;
    const body = commands.encode([message]);
    this.#say({ type: 'input', sequence: ++this.#sequence, tick, sentMs: Math.floor(nowMs), body }, nowMs);
  }

  update(nowMs: number): void {
    if (this.#state === 'outside' || nowMs - this.#lastSentMs < limits.heartbeatMs) return;
    this.#say({ type: 'heartbeat', sentMs: Math.floor(nowMs) }, nowMs);
  }

  #say(message: Parameters<typeof encodeClientMessage>[0], nowMs: number): void {
    this.#lastSentMs = nowMs;
    this.#events.send(encodeClientMessage(message));
  }

  /** Goes on from where the server last said one was. */
  #advance(nowMs: number): void {
    const { world } = this.#context;
    const tick = this.#tickAt(nowMs);
    this.#bodyTick = Math.max(this.#bodyTick, tick - MOST_TICKS);
    while (this.#bodyTick < tick) {
      this.#bodyTick++;
      if (this.#held !== null) world.predicted?.step.run(this.#body, this.#held, world.map, 256);
    }
  }

  where(nowMs: number, out: Place): boolean {
    if (this.#state !== 'inside') return false;
    this.#advance(nowMs);
    out.x = this.#body.x;
    out.y = this.#body.y;
    return true;
  }

  leave(): void {
    this.#events.send(encodeClientMessage({ type: 'leave' }));
  }
}
