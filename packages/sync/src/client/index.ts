export { ClientCore, type ClientEvents, type Motion } from './client-core.ts';
export type { OwnAvatar } from './own-avatar.ts';
export { AWAIT_ENTER_MS, type ReplicaEntity } from './replica.ts';
export type { ServerClock } from './server-clock.ts';
