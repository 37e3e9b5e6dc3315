import { compileStepInput } from '@lifeverse/definition';
import { adaptLayout, layoutProblem, type Raw, type Welcome, type WorldLayout } from '@lifeverse/protocol';
import {
  commandCodec,
  compileView,
  eventCodec,
  type MessageCodec,
  operationCodec,
  PrivateCodec,
  SectionCodec,
} from '../common/index.ts';
import type { OwnAvatar } from './own-avatar.ts';
import { Replica, type ReplicaEvents } from './replica.ts';
import { MOST_VIEW_DELAY_MS, ViewDelay } from './view-delay.ts';

/** An input that the server has not said to have applied. */
export interface UnappliedInput {
  readonly sequence: number;
  readonly tick: number;
  readonly body: Uint8Array;
}

/** What is known only while in the world. */
export interface Session {
  /** Of the connection that is played by. */
  welcome: Welcome;
  readonly layout: WorldLayout;
  readonly sections: SectionCodec;
  readonly replica: Replica;
  readonly privates: PrivateCodec;
  readonly commands: MessageCodec;
  readonly events: MessageCodec;
  readonly operations: MessageCodec;
  readonly stepInput: (raw: Record<string, Raw>) => object;
  readonly viewDelay: ViewDelay;
  readonly periodMs: number;
  /** False where the server's step or map is another: then the avatar is shown as the server tells. */
  readonly predicts: boolean;
  avatar: OwnAvatar | null;
  /** Of time, 256 being normal. */
  rate: number;
  readonly owned: Raw[];
  /** Ticks are sent modulo 256 and never go back. */
  tick: number;
  sequence: number;
  /** The last input that the server has applied. */
  applied: number;
  /** In their order; said again on another connection. */
  unapplied: UnappliedInput[];
  lastSentMs: number;
}

/** In the world by that welcome, nothing being known of it yet. `own`: the layout that the client was built for. */
export function newSession(
  welcome: Welcome,
  layout: WorldLayout,
  own: WorldLayout,
  replicaEvents: ReplicaEvents,
): Session {
  const periodMs = 1_000 / layout.tickHz;
  const sections = new SectionCodec(layout);
  const privates = new PrivateCodec(layout);
  const predicted = layout.commands.find((command) => command.predicted);
  const historyTicks = Math.ceil(MOST_VIEW_DELAY_MS / periodMs) + 1;
  const replica = new Replica(sections, compileView(layout.viewCellsSquared), replicaEvents, historyTicks);
  replica.moveTo(welcome.anchorX, welcome.anchorY, welcome.audiences, welcome.linkClass);
  return {
    welcome,
    layout,
    sections,
    replica,
    privates,
    commands: commandCodec(layout),
    events: eventCodec(layout),
    operations: operationCodec(layout),
    stepInput: predicted === undefined ? () => ({}) : compileStepInput(predicted),
    viewDelay: new ViewDelay(periodMs),
    periodMs,
    predicts: welcome.stepFingerprint === own.stepFingerprint && welcome.mapFingerprint === own.mapFingerprint,
    avatar: null,
    rate: welcome.rate,
    owned: privates.fields.map((field) => field.initial),
    tick: welcome.tick,
    sequence: 0,
    applied: 0,
    unapplied: [],
    // The first heartbeat goes at once: it asks for the time.
    lastSentMs: Number.NEGATIVE_INFINITY,
  };
}

/** The wire's layout under our names; undefined when the server's cannot be used. `own`: the one the client was built for. */
export function layoutOf(welcome: Welcome, own: WorldLayout): WorldLayout | undefined {
  if (welcome.layoutJson === '') return own;
  try {
    const theirs = JSON.parse(welcome.layoutJson) as WorldLayout;
    return layoutProblem(theirs) === undefined && theirs.name === own.name ? adaptLayout(own, theirs) : undefined;
  } catch {
    return undefined;
  }
}
