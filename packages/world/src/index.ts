export type { Stake, StallPlan } from '@lifeverse/contracts';
export { CHECKPOINT_EVERY_MS } from './checkpoints.ts';
export { NORMAL_RATE, nextRate } from './dilation.ts';
export {
  CLOCK_UNCERTAINTY_MS,
  HEARD_MS,
  type Loss,
  Ownership,
  type OwnershipOptions,
  type OwnershipState,
} from './ownership.ts';
export { PRESENCE_EVERY_MS } from './presence-book.ts';
export { separate } from './separate.ts';
export {
  type BelongingsRules,
  type CommandMoment,
  type EffectMoment,
  type Has,
  type Intent,
  type Moment,
  type OperationMoment,
  type Other,
  type Populate,
  type Rules,
  type Self,
  type ServedWorld,
  type System,
  serve,
  system,
  type Table,
} from './serve.ts';
export { showBelongings } from './show-belongings.ts';
export { Standby, type StandbyParts, type ZoneCopies } from './standby.ts';
export { LINGER_MS, READER_LEASE_MS } from './uplinks.ts';
export { ZoneCore } from './zone-core.ts';
export type { ZoneOptions, ZonePorts } from './zone-options.ts';
