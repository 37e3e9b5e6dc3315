import type { Clock } from '@lifeverse/base';
import { firstArrangement, type ZoneArrangement } from '@lifeverse/contracts';
import type { Outside } from './outside.ts';
import type { ServedWorld } from './serve.ts';
import type { ZoneCopies } from './standby.ts';

export interface ZonePorts {
  toGateway(gateway: string, bytes: Uint8Array): void;
  /** The truth of the entities asked for, once a tick. */
  truth(bytes: Uint8Array): void;
  /** Something the rules threw; the world goes on. */
  fault(where: string, error: unknown): void;
  /** To the backend, for what must last; takes the bytes for good. Without it the world forgets everybody. */
  toDesk?(bytes: Uint8Array): void;
  /** To the owner of another zone; takes the bytes for good. Left out where there is one zone. */
  toZone?(zone: number, bytes: Uint8Array): void;
  /** To whoever has the second copy of this zone; takes the bytes for good. Left out where nobody has. */
  toStandby?(bytes: Uint8Array): void;
  /** The backend says that the zone has another owner: this one has to stop. */
  replaced?(): void;
}

export interface ZoneOptions {
  readonly served: ServedWorld;
  readonly zone: number;
  /** Which zone has which cells, to begin with. Left out: this one has all. */
  readonly arrangement?: ZoneArrangement;
  /** Whether nobody stands in its cells yet who comes with the world. Left out: nobody does. */
  readonly populates?: boolean;
  /** What the standby had of the former owner. Null or left out: this one begins without. */
  readonly copies?: ZoneCopies | null;
  readonly epoch: number;
  readonly seed: number;
  /** For measuring steps only: nothing in the world depends on it. */
  readonly clock: Clock;
  readonly ports: ZonePorts;
  /** What the operator gave the world's rules. */
  readonly options: Readonly<Record<string, string | number>>;
  /** How often a second changes are told, at most in every tick. Left out: in every tick. */
  readonly updateHz?: () => number;
  /** Left out: documents stay as the world declares them. */
  readonly outside?: Outside;
}

/** Of a world that has no other zone, and never will have. */
export const onlyZone = (zone: number): ZoneArrangement => ({
  ...firstArrangement({ zone }),
  nextZone: Number.MAX_SAFE_INTEGER,
});
