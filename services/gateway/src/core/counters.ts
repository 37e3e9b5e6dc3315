import type { ErrorCode } from '@lifeverse/protocol';

/** What a gateway counts: only ever grows. */
export function freshCounters() {
  return {
    bundles: 0,
    bundles_malformed: 0,
    bundles_fenced: 0,
    bundles_late: 0,
    bundles_lost: 0,
    frames_built: 0,
    writes: 0,
    bytes_sent: 0,
    messages_received: 0,
    bytes_received: 0,
    inputs: 0,
    inputs_resent: 0,
    operations: 0,
    joins: 0,
    moves: 0,
    players_steered: 0,
    sessions_followed: 0,
    keyframes_sent: 0,
    rekeys_gap: 0,
    rekeys_checksum: 0,
    rekeys_malformed: 0,
    streams_lost: 0,
    sections_dropped: 0,
    events_heard: 0,
  };
}

export type GatewayCounters = ReturnType<typeof freshCounters>;

/** How often each code of the catalogue was answered, closing or not. */
export type RefusalCounters = Partial<Record<ErrorCode, number>>;
