export { recordAct } from './audit/record-act.ts';
export { type AuditVerdict, verifyAudit } from './audit/verify-audit.ts';
export { migrations } from './migrations.ts';
export { type AccountLimits, defaultAccountLimits } from './players/account-limits.ts';
export { forkHasher } from './players/fork-hasher.ts';
export type { OidcProviderOptions } from './players/oidc-provider.ts';
export { Players, type PlayersOptions } from './players/players.ts';
export { type PlayerRouteSeams, playerRoutes } from './players/routes.ts';
export { changeRole } from './staff/change-role.ts';
export {
  type BackendKeys,
  type BackendSetup,
  type Patience,
  type RunningBackend,
  startBackend,
} from './start-backend.ts';
export { planOf, type ZoneChange } from './zones/changes.ts';
export { emptied } from './zones/drains.ts';
export { drainServer, type KnownServer, type MadePlan, makePlan, readPlans, readServers } from './zones/plan-store.ts';
