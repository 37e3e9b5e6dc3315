export { ClientCore, type ClientEvents, type Motion } from './client-core.ts';
export type { ReplicaEntity } from './replica.ts';
