export type { LeaseSetup } from './lease-keeper.ts';
export type { ZoneThreadSetup } from './main.ts';
export { type RunningZone, startZone } from './zone.ts';
export { type RunningZoneServer, startZoneServer } from './zone-server.ts';
export { startZoneWithLease } from './zone-with-lease.ts';
