import type { Body, World } from '@lifeverse/definition';
import type { RawRecord } from '@lifeverse/protocol';
import { commandCodec, eventCodec, type MessageCodec } from '@lifeverse/sync/common';
import type { EntityStore } from './entity-store.ts';
import type { Grid } from './grid.ts';
import type { HandleHost } from './handles.ts';
import type { Told } from './rules-runner.ts';
import type { Avatars } from './sessions.ts';

export interface HandsContext {
  readonly world: World;
  readonly store: EntityStore;
  readonly grid: Grid;
  readonly avatars: Avatars;
  tick(): number;
  stepInput(raw: RawRecord): object;
  tell(told: Told): void;
  pass(told: Told): boolean;
  /** To be heard with this tick's bundles. */
  utter(row: number, body: Uint8Array): void;
  remove(row: number): void;
}

/** What handlers do to entities, carried out. */
export class EntityHands implements HandleHost {
  readonly #context: HandsContext;
  readonly #commands: MessageCodec;
  readonly #events: MessageCodec;
  readonly #body: Body = { x: 0, y: 0 };

  constructor(context: HandsContext) {
    this.#context = context;
    this.#commands = commandCodec(context.world.layout);
    this.#events = eventCodec(context.world.layout);
  }

  get store(): EntityStore {
    return this.#context.store;
  }

  tell(from: number, to: number, effect: string, input: object): void {
    const told = { from, to, effect, input };
    // To another zone at once: so it is applied there in the next tick, as it is here.
    if (this.store.rowOf(to) !== undefined || !this.#context.pass(told)) this.#context.tell(told);
  }

  pass(told: Told): boolean {
    return this.#context.pass(told);
  }

  act(row: number, command: string, input: object): void {
    const { predicted } = this.#context.world;
    if (command !== predicted?.command) throw new TypeError(`${command} is not the predicted command`);
    const message = this.#commands.prepare(command, input as Record<string, unknown>);
    if (typeof message === 'string') throw new RangeError(message);
    this.store.held[row] = this.#context.stepInput(message.raw);
  }

  emit(row: number, event: string, input: object): void {
    const message = this.#events.prepare(event, input as Record<string, unknown>);
    if (typeof message === 'string') throw new RangeError(message);
    this.#context.utter(row, this.#events.encode([message]));
  }

  teleport(row: number, xM: number, yM: number): void {
    const { map, predicted } = this.#context.world;
    const x = Math.round(xM * 1_000);
    const y = Math.round(yM * 1_000);
    if (!Number.isSafeInteger(x) || !Number.isSafeInteger(y) || !map.fits(x, y, predicted?.step.radiusMm ?? 0))
      throw new RangeError(`teleport: one cannot stand at (${xM}, ${yM})`);
    this.store.x[row] = this.store.lastX[row] = x;
    this.store.y[row] = this.store.lastY[row] = y;
    this.#movedByOthers(row);
  }

  push(row: number, dxM: number, dyM: number): void {
    if (!Number.isFinite(dxM) || !Number.isFinite(dyM)) throw new RangeError(`push: by (${dxM}, ${dyM})`);
    const body = this.#body;
    body.x = this.store.x[row] as number;
    body.y = this.store.y[row] as number;
    this.#context.world.map.slide(
      body,
      Math.round(dxM * 1_000),
      Math.round(dyM * 1_000),
      this.#context.world.predicted?.step.radiusMm ?? 0,
    );
    if (body.x === this.store.x[row] && body.y === this.store.y[row]) return;
    this.store.x[row] = body.x;
    this.store.y[row] = body.y;
    this.#movedByOthers(row);
  }

  #movedByOthers(row: number): void {
    const { avatars } = this.#context;
    const avatar = avatars.ofRow(row);
    if (avatar === undefined) return;
    avatar.sealedTick = Math.max(avatar.sealedTick, this.#context.tick());
    avatars.news(avatar).position = true;
  }

  hideIn(row: number, audience: string): void {
    const next = this.#audienceNumber(audience);
    if (this.store.audience[row] !== next) this.#context.grid.changeAudience(this.store, row, next);
  }

  watch(row: number, audience: string, on: boolean): void {
    const { avatars } = this.#context;
    const avatar = avatars.ofRow(row);
    const bit = 1 << (this.#audienceNumber(audience) - 1);
    if (avatar === undefined) throw new TypeError('only a player watches an audience');
    avatar.audiences = on ? avatar.audiences | bit : avatar.audiences & ~bit;
    avatars.news(avatar).audiences = true;
  }

  #audienceNumber(audience: string): number {
    const index = audience === 'all' ? 0 : this.#context.world.layout.audiences.indexOf(audience) + 1;
    if (index === 0 && audience !== 'all') throw new TypeError(`there is no audience ${JSON.stringify(audience)}`);
    return index;
  }

  leave(row: number): void {
    if (this.#context.avatars.ofRow(row) !== undefined) throw new TypeError('a player leaves by themselves');
    this.#context.remove(row);
  }
}
