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
  /** Memory for frames; on Node a Buffer, which sockets take as it is. */
  allocate(bytes: number): Uint8Array;
}
