export { Backoff } from './backoff.ts';
export { LocalBus } from './bus/local-bus.ts';
export { NatsBus, type NatsBusOptions } from './bus/nats-bus.ts';
export { PortBus } from './bus/port-bus.ts';
export { optionsHelp, optionsTable } from './config/describe-options.ts';
export {
  choice,
  environmentName,
  flag,
  integer,
  list,
  type OptionDeclaration,
  type Options,
  type OptionValues,
  optionalInteger,
  optionalText,
  text,
} from './config/option.ts';
export { ConfigurationError, readOptions } from './config/read-options.ts';
export { type HealthServer, startHealthServer } from './health/health-server.ts';
export { type Wait, Waits } from './health/waits.ts';
export { keepHeapSmall } from './heap.ts';
export { notFound, PROBLEM_TYPE, type Problem, problem, retryAfterS } from './http/problem.ts';
export { isSecret } from './http/secret.ts';
export { type Drain, Lifecycle, stopOnSignal } from './lifecycle.ts';
export { createLog, type Log, type LogLevel, logLevels } from './log.ts';
export { MetricsPage } from './metrics/metrics-page.ts';
export { type CountingBus, type Figures, publishTelemetry } from './metrics/telemetry-publisher.ts';
export { decodeTelemetry } from './metrics/telemetry-report.ts';
export { vocabulary } from './metrics/vocabulary.ts';
export {
  type Database,
  DatabaseUnreachable,
  databaseError,
  openDatabase,
  type Sql,
  type SqlValue,
} from './postgres/database.ts';
export {
  type EmbeddedServer,
  openServerSockets,
  runningServerUrl,
  startEmbeddedServer,
} from './postgres/embedded-server.ts';
export { type KeptServer, keepServer } from './postgres/kept-server.ts';
export { type Migration, migrate, migrationStatus, readMigrations } from './postgres/migrate.ts';
export { openSocketFolder, type SocketFolder } from './socket-folder.ts';
export { machineMs, SystemClock } from './system-clock.ts';
export { type RunningThread, runAsThread, startThread } from './thread.ts';
export { signTicket, type TicketClaims, TicketDoor } from './ticket.ts';
export { openBusTime, tellTime } from './time/bus-time.ts';
export { openDatabaseTime } from './time/database-time.ts';
export type { ServerTime, TimeOptions, TimeStanding } from './time/server-time.ts';
export { yieldCpu } from './yield-cpu.ts';
