import { type Body, compileStepInput, type World } from '@lifeverse/definition';
import { catalogue, type ErrorCode, type MessageLayout, type RawRecord } from '@lifeverse/protocol';
import { commandCodec, type MessageCodec, type RawMessage } from '@lifeverse/sync/common';
import type { EntityStore } from './entity-store.ts';
import type { Ghosts } from './ghosts.ts';
import type { GhostHandle, OtherHandle } from './handles.ts';
import type { QueuedInput } from './input-queue.ts';
import type { PositionHistory } from './position-history.ts';
import type { RulesRunner } from './rules-runner.ts';
import type { Avatar, Avatars } from './sessions.ts';

/** What applying inputs needs of the zone. */
export interface InputContext {
  readonly world: World;
  readonly store: EntityStore;
  readonly rules: RulesRunner;
  readonly avatars: Avatars;
  ghosts(): Ghosts;
  readonly history: PositionHistory;
  readonly codec: MessageCodec;
  readonly counters: { inputs: number; inputs_replayed_late: number; inputs_refused: number; commands: number };
  /** Commands by which a player speaks. */
  readonly speech: ReadonlySet<string>;
  /** How far back a late input may reach, ticks. */
  readonly replayTicks: number;
  step(body: Body, held: object): void;
  stepInput(raw: RawRecord): object;
  /** Does something that others may see, once. */
  acts(avatar: Avatar): void;
}

export function inputContext(parts: Omit<InputContext, 'codec' | 'speech'>): InputContext {
  const commands = Object.entries(parts.world.definition.commands);
  const speech = new Set(commands.filter(([, { speech = false }]) => speech).map(([name]) => name));
  return { ...parts, codec: commandCodec(parts.world.layout), speech };
}

/** What the predicted step receives of a command; nothing in a world where nothing is predicted. */
export function compileHeld({ layout }: World): InputContext['stepInput'] {
  const predicted = layout.commands.find((command) => command.predicted);
  return predicted === undefined ? () => ({}) : compileStepInput(predicted);
}

/** A burst after a stall is spread over some ticks. */
const INPUTS_PER_TICK = 8;
const BASE_CLOSE_CODE = 4_000;

const body: Body = { x: 0, y: 0 };

/** Applies the inputs of one player whose tick has come, in the order of their sequence. */
export function runInputs(context: InputContext, avatar: Avatar, tick: number): void {
  if (avatar.inputs.length === 0) return;
  for (let i = 0; i < INPUTS_PER_TICK; i++) {
    const input = avatar.inputs.due(tick);
    if (input === undefined) return;
    context.counters.inputs++;
    context.avatars.news(avatar).acknowledged = true;
    for (const command of input.commands) runCommand(context, avatar, input, command, tick);
  }
}

function runCommand(
  context: InputContext,
  avatar: Avatar,
  input: QueuedInput,
  command: RawMessage,
  tick: number,
): void {
  context.counters.commands++;
  if (command.layout.predicted) {
    hold(context, avatar, input.tick, context.stepInput(command.raw), tick);
    return;
  }
  if (context.speech.has(command.layout.name) && avatar.mutedUntilMs > msOf(context, tick)) {
    refuse(context, avatar, input.sequence, 'muted');
    return;
  }
  context.acts(avatar);
  const refs = resolve(context, avatar, command.layout, command.raw);
  const outcome =
    typeof refs === 'string'
      ? refs
      : context.rules.command(avatar.row, command.layout.name, context.codec.values(command), refs);
  if (outcome !== undefined) refuse(context, avatar, input.sequence, outcome);
}

function msOf({ world }: InputContext, tick: number): number {
  return (tick * 1_000) / world.layout.tickHz;
}

export function refuse(
  context: Pick<InputContext, 'counters' | 'avatars'>,
  avatar: Avatar,
  sequence: number,
  code: ErrorCode,
): void {
  context.counters.inputs_refused++;
  context.avatars.news(avatar).refused.push({ sequence, code: catalogue[code].close - BASE_CLOSE_CODE });
}

/** Late by no more than the window: played again from its own tick. Later: from the window's edge (WO5, WO72). */
function hold(context: InputContext, avatar: Avatar, inputTick: number, held: object, tick: number): void {
  const { store } = context;
  const { row } = avatar;
  store.held[row] = held;
  if (inputTick >= tick) return;
  const reach = tick <= avatar.lateUntilTick ? 0 : tick - context.replayTicks;
  const from = Math.max(inputTick, reach, context.history.earliest(avatar.sealedTick));
  if (!context.history.replay(row, from, body, (at) => context.step(at, held))) return;
  context.counters.inputs_replayed_late++;
  store.x[row] = store.lastX[row] = body.x;
  store.y[row] = store.lastY[row] = body.y;
}

/** The entities that a record names, by its fields; or why one of them cannot be named. */
export function resolve(
  context: Pick<InputContext, 'store' | 'rules' | 'ghosts'>,
  avatar: Avatar,
  layout: MessageLayout,
  raw: RawRecord,
): Record<string, OtherHandle | GhostHandle> | ErrorCode {
  const refs: Record<string, OtherHandle | GhostHandle> = {};
  for (const { name, layout: field } of layout.fields) {
    if (field.kind !== 'entity') continue;
    const found = target(context, avatar, raw[name] as number);
    if (found === undefined) return 'target_unknown';
    if (field.withinM !== null && distanceMm(context.store, avatar.row, found.at) > field.withinM * 1_000)
      return 'out_of_reach';
    refs[name] = found.handle();
  }
  return refs;
}

interface Target {
  /** Millimetres. */
  readonly at: { readonly x: number; readonly y: number };
  handle(): OtherHandle | GhostHandle;
}

/** Here or, as far as is seen from here, in another zone. */
function target(
  { store, rules, ghosts }: Pick<InputContext, 'store' | 'rules' | 'ghosts'>,
  avatar: Avatar,
  id: number,
): Target | undefined {
  const by = store.id[avatar.row] as number;
  const row = store.rowOf(id);
  if (row === undefined) {
    const ghost = ghosts().of(id);
    return ghost === undefined ? undefined : { at: ghosts().at(ghost), handle: () => rules.ghost(ghost, by) };
  }
  if (!sees(store, avatar, row)) return undefined;
  return { at: { x: store.x[row] as number, y: store.y[row] as number }, handle: () => rules.other(row, by) };
}

function sees(store: EntityStore, avatar: Avatar, row: number): boolean {
  const audience = store.audience[row] as number;
  return audience === 0 || (avatar.audiences & (1 << (audience - 1))) !== 0;
}

function distanceMm(store: EntityStore, row: number, to: Target['at']): number {
  const dx = (store.x[row] as number) - to.x;
  const dy = (store.y[row] as number) - to.y;
  return Math.sqrt(dx * dx + dy * dy);
}
