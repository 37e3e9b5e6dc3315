export { claimZone } from './claim-zone.ts';
export type { ZoneThreadSetup } from './main.ts';
export { type RunningZone, startZone } from './zone.ts';
