export { ClientCore } from './client-core.ts';
export type { ClientEvents, Motion } from './client-events.ts';
export type { ReplicaEntity } from './replica.ts';
