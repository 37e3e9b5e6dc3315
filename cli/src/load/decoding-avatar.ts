import type { World } from '@lifeverse/definition';
import { ByteReader, decodePrivate, serverType, unwrapTime } from '@lifeverse/protocol';
import { ClientCore, type Motion } from '@lifeverse/sync/client';
import type { Avatar, AvatarEvents, Place, Walk } from './avatar.ts';
import type { Measures } from './measures.ts';
import type { WorldClock } from './world-clock.ts';

/** What all avatars of a run share. */
export interface AvatarContext {
  readonly world: World;
  readonly clock: WorldClock;
  readonly measures: Measures;
}

/** A whole client, as a game runs it: it decodes everything it receives, predicts itself and shows the others. */
export class DecodingAvatar implements Avatar {
  readonly prompt = true;
  readonly core: ClientCore;
  readonly #context: AvatarContext;
  readonly #motion: Motion = { x: 0, y: 0, vx: 0, vy: 0 };
  #frames = 0;
  #errors = 0;
  #rekeys = 0;

  constructor(context: AvatarContext, events: AvatarEvents) {
    this.#context = context;
    this.core = new ClientCore(context.world, {
      send: (bytes) => events.send(bytes),
      joined: () => events.joined(),
      refused: (code) => events.refused(code),
      entered() {},
      left() {},
      heard() {},
    });
  }

  open(ticket: string): void {
    this.core.open(ticket);
  }

  receive(payload: Uint8Array, nowMs: number): void {
    const { clock, measures } = this.#context;
    if (payload[0] === serverType.private) this.#echo(payload, nowMs);
    this.core.receive(payload, nowMs);
    const { counters, session } = this.core;
    if (payload[0] === serverType.welcome && session !== null) clock.atLeast(session.welcome.serverMs, nowMs);
    measures.protocolErrors += counters.errors - this.#errors;
    measures.rekeys += counters.rekeys - this.#rekeys;
    this.#errors = counters.errors;
    this.#rekeys = counters.rekeys;
    if (counters.frames === this.#frames || session === null) return;
    this.#frames = counters.frames;
    measures.updates++;
    measures.stale(clock.serverMs(performance.now()) - session.tick * session.periodMs);
  }

  #echo(payload: Uint8Array, nowMs: number): void {
    const echo = decodePrivate(new ByteReader(payload, 1))?.echo;
    if (echo === null || echo === undefined) return;
    const { clock } = this.#context;
    const whole = Math.floor(nowMs);
    const sentMs = whole - ((whole - echo.sentMs) & 0xffff);
    clock.sample(sentMs, echo.heldMs, unwrapTime(echo.serverTime, clock.serverMs(nowMs)), nowMs);
  }

  walk(walk: Walk, nowMs: number): void {
    this.core.command('walk', { ...walk }, nowMs);
  }

  update(nowMs: number): void {
    this.core.update(nowMs);
  }

  where(nowMs: number, out: Place): boolean {
    if (!this.core.showSelf(nowMs, this.#motion)) return false;
    out.x = Math.round(this.#motion.x);
    out.y = Math.round(this.#motion.y);
    return true;
  }

  leave(): void {
    this.core.leave();
  }
}
