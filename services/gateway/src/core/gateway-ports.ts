import type { ToggleContext } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';

export interface Redeemed {
  readonly character: string;
  readonly incarnation: number;
  readonly name: string;
  /** Id of the session by which the player is logged in; left out where nobody is. */
  readonly login?: string;
  /** Server time; left out: may speak. */
  readonly mutedUntilMs?: number;
  /** As whom toggles know them; left out: as nobody in particular. */
  readonly audience?: ToggleContext;
}

export interface GatewayPorts {
  toZone(zone: number, bytes: Uint8Array): void;
  /** Spends a join ticket: who it is for, or why not. */
  redeem(ticket: string, nowMs: number): Redeemed | ErrorCode;
  /** By which other address the players of a zone are better served (GW32); null, or left out: by none. */
  better?(zone: number): string | null;
  /** Memory for frames; on Node a Buffer, which sockets take as it is. */
  allocate(bytes: number): Uint8Array;
}
