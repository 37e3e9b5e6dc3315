import type { ConsumerProtocolFactory } from '../consumers/protocol.ts';
import type { Scenario } from '../scenario.ts';
import type { WindowReport } from './report.ts';

export const peerNames = ['ours', 'colyseus', 'floor'] as const;
export type PeerName = (typeof peerNames)[number];

/** What a server process is started with: the first message it receives. */
export interface ServerSettings {
  readonly scenario: Scenario;
  /** Size of the frame that the floor writes, header included. */
  readonly frameBytes: number;
}

/** Where consumers find the server; `details` is whatever the peer's two sides tell one another. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly details: Readonly<Record<string, number | string>>;
}

/** A server under measurement. Times are `machineNowMs`. */
export interface PeerProcess {
  readonly target: Target;
  /** Resident memory when it was ready, before anyone joined, bytes. */
  readonly emptyRssBytes: number;
  /** Called with all players connected, before they move. Resolves when the server may be measured. */
  settle(): Promise<void>;
  /** Opens the measured window. */
  begin(): Promise<void>;
  /** Closes the window and answers what happened in it. */
  end(): Promise<WindowReport>;
  stop(): Promise<void>;
}

export interface Peer {
  readonly name: PeerName;
  /** Starts a fresh server; rejects with a sentence when it does not come up. */
  start(settings: ServerSettings): Promise<PeerProcess>;
  /** The consumers' side, loaded in the consumer process. */
  protocol(): Promise<ConsumerProtocolFactory>;
}
