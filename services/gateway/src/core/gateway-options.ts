import type { ZoneTree } from '@lifeverse/contracts';
import type { WorldLayout } from '@lifeverse/protocol';
import type { Rates } from './connection.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import type { LimitsFor } from './player-limits.ts';

export interface GatewayOptions extends LimitsFor {
  readonly gateway: string;
  /** Rises with every start of this gateway. */
  readonly generation: number;
  readonly layout: WorldLayout;
  /** Which zone has which cells, to begin with. */
  readonly zones: ZoneTree;
  readonly ports: GatewayPorts;
  /** What one client may send, per second and at once. */
  readonly rates?: Partial<Rates>;
}

export const defaultRates: Rates = { bytesPerS: 16_384, bytesBurst: 65_536, costPerS: 60, costBurst: 180 };
