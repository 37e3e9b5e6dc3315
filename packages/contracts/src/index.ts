export { type ApiAccess, type ApiPlace, apiHeaders } from './api.ts';
export {
  type Bundle,
  type BundleHeader,
  type BundleSection,
  BundleWriter,
  decodeBundle,
  type HeardEvent,
  type SessionRecord,
  zoneOfBundle,
} from './bundle.ts';
export { type Bus, type BusRights, type BusRole, busRights, subjects } from './bus.ts';
export { type ClusterNotice, decodeClusterNotice, encodeClusterNotice } from './cluster-notice.ts';
export { type ContentSet, encodeContentSet } from './content-set.ts';
export {
  type CopiedMessage,
  type CopiesMessage,
  decodeCopied,
  decodeCopies,
  encodeCopied,
  encodeCopies,
  type GoneEntity,
} from './copies.ts';
export {
  type Belongings,
  type DealingsAnswer,
  type DealingsAsk,
  decodeDealingsAnswer,
  decodeDealingsAsk,
  type ExchangeSide,
  encodeDealings,
  type Grant,
  type LyingItem,
  type OwnedItem,
  type StallPlan,
  type StallWare,
  type Stock,
} from './dealings.ts';
export {
  type DeskAnswer,
  type DeskKind,
  type DeskOutcome,
  type DeskRequest,
  decodeDeskAnswer,
  decodeDeskRequest,
  deskKinds,
  deskLimits,
  encodeDeskAnswer,
  encodeDeskRequest,
} from './desk.ts';
export {
  type CheckpointRecord,
  checkpointOverheadBytes,
  decodeCheckpoints,
  decodeLoad,
  decodePresence,
  decodeStored,
  decodeVerdicts,
  deskBodyLimits,
  encodeCheckpoints,
  encodeLoad,
  encodePresence,
  encodeStored,
  encodeVerdicts,
  type PresenceChange,
  type PresenceState,
  presenceStates,
  type Standing,
  type StoredCharacter,
  type Verdict,
  verdicts,
} from './desk-bodies.ts';
export {
  type DurableDone,
  type DurableOutcome,
  type DurableRefusal,
  type DurableRequest,
  durableLimits,
  type Money,
  type Operation,
  type Stake,
  type TradeOperation,
  type ZoneFence,
} from './durable.ts';
export { decodeExpulsion, type Expulsion, encodeExpulsion, MAX_EXPELLED } from './expulsion.ts';
export { followToggles, type ToggleFollowing } from './follow-toggles.ts';
export {
  decodeGatewayNotice,
  encodeGatewayNotice,
  type GatewayNotice,
  isGatewayAddress,
  isRegion,
} from './gateway-notice.ts';
export { type ContentByName, followContent, LiveContent } from './live-content.ts';
export { LiveToggles, type RefusedToggle, type TogglesByName } from './live-toggles.ts';
export { decodeMutings, encodeMutings, MAX_MUTINGS, type Muting } from './muting.ts';
export {
  decodeNeighbourMessage,
  encodeNeighbourMessage,
  type NeighbourMessage,
  neighbourLimits,
} from './neighbour.ts';
export {
  decodeOwnershipNotice,
  encodeOwnershipNotice,
  type OwnedNotice,
  type OwnershipNotice,
  ownershipLimits,
} from './ownership-notice.ts';
export type {
  IdentitySummary,
  LoggedIn,
  Refusal,
  SessionChange,
  SessionInfo,
  SessionSummary,
} from './players.ts';
export { isRole, mayDo, type Role, roles, type StaffAct } from './roles.ts';
export type { Seat } from './seat.ts';
export type { TelemetryReport } from './telemetry.ts';
export type { TicketGrant } from './tickets.ts';
export {
  decodeTimeAnswer,
  decodeTimeQuestion,
  encodeTimeAnswer,
  encodeTimeQuestion,
  type TimeAnswer,
  type TimeQuestion,
} from './time.ts';
export {
  isName,
  parseToggleDefinition,
  type TargetingRule,
  type ToggleDefinition,
} from './toggle-definition.ts';
export { evaluateToggle, type ToggleContext, type ToggleDetails } from './toggle-evaluation.ts';
export { decodeToggleSet, encodeToggleSet, type ToggleSet } from './toggle-set.ts';
export {
  type ToggleDeclaration,
  type ToggleDeclarations,
  type ToggleName,
  type ToggleValue,
  toggles,
} from './toggles.ts';
export {
  decodeTruth,
  decodeTruthWanted,
  encodeTruth,
  encodeTruthWanted,
  MAX_TRUTH_ENTITIES,
  type TruthRecord,
} from './truth.ts';
export { decodeUplink, type Uplink, type UplinkOp, UplinkWriter, type WantedStream } from './uplink.ts';
export { worksBeside } from './versions.ts';
export { firstArrangement, type ZoneArrangement, zonesOf } from './zone-arrangement.ts';
export { type Axis, inPlaceOf, merge, siblings, split } from './zone-changes.ts';
export {
  decodeZonePlan,
  encodeZonePlan,
  planLimits,
  type WorldCells,
  type ZonePlan,
  zonePlanJson,
  zonePlanOf,
} from './zone-plan.ts';
export {
  type Area,
  areaOf,
  evenZones,
  type Span,
  type ZoneTree,
  zoneAt,
  zonesBeside,
  zonesIn,
  zonesWithin,
} from './zone-tree.ts';
