export { NORMAL_RATE, nextRate } from './dilation.ts';
export { separate } from './separate.ts';
export {
  type CommandMoment,
  type EffectMoment,
  type Moment,
  type Other,
  type Populate,
  type Rules,
  type Self,
  type ServedWorld,
  type System,
  serve,
  system,
} from './serve.ts';
export { LINGER_MS, READER_LEASE_MS } from './uplinks.ts';
export { ZoneCore, type ZoneOptions, type ZonePorts } from './zone-core.ts';
