import type { ErrorCode } from '@lifeverse/protocol';
import type { GatewayCore } from './core/index.ts';
import type { FanOutPump } from './fan-out-pump.ts';
import type { Visits } from './sockets/visits.ts';

export interface GatewayParts {
  readonly core: GatewayCore;
  readonly pump: FanOutPump;
  readonly visits: Visits;
}

type Counted = 'upgrades' | 'tickets' | 'tls_renewals' | 'tls_renewal_failures' | `http_requests/${string}`;

/** What a gateway reports about itself: the core's figures, and those of the sockets around it. */
export class GatewayFigures {
  readonly #parts: GatewayParts;
  readonly #counters: Record<string, number> = { upgrades: 0, tickets: 0, tls_renewals: 0, tls_renewal_failures: 0 };

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  count(what: Counted | `refusals/${ErrorCode}`): void {
    this.#counters[what] = (this.#counters[what] ?? 0) + 1;
  }

  take(): { counters: Record<string, number>; gauges: Record<string, number>; samples: Record<string, number[]> } {
    const { core, pump, visits } = this.#parts;
    const counters: Record<string, number> = {
      ...core.counters,
      ...this.#counters,
      bundles_dropped: pump.dropped,
      sockets_accepted: visits.accepted,
      sockets_refused: visits.refused,
    };
    for (const [code, count] of Object.entries(core.refusals)) {
      counters[`refusals/${code}`] = (counters[`refusals/${code}`] ?? 0) + count;
    }
    const gauges = { ...core.gauges(), unjoined_sockets: visits.unjoinedSockets };
    return { counters, gauges, samples: { fan_out_ms: pump.takeSamples() } };
  }
}
