export {
  type Bundle,
  type BundleHeader,
  type BundleSection,
  BundleWriter,
  decodeBundle,
  type HeardEvent,
  type SessionRecord,
} from './bundle.ts';
export { type Bus, subjects } from './bus.ts';
export type { GuestDesk, TicketGrant } from './guests.ts';
export type { TelemetryReport } from './telemetry.ts';
export {
  decodeTruth,
  decodeTruthWanted,
  encodeTruth,
  encodeTruthWanted,
  MAX_TRUTH_ENTITIES,
  type TruthRecord,
} from './truth.ts';
export { decodeUplink, type Uplink, type UplinkOp, UplinkWriter, type WantedStream } from './uplink.ts';
