import type { Target } from '../peers/peer.ts';
import type { Scenario } from '../scenario.ts';

/** The WebSocket upgrade that a player asks for. */
export interface Upgrade {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The socket of one player, after the upgrade. */
export interface Link {
  /** Sends one binary message; the bytes may be reused after the call. */
  send(payload: Uint8Array): void;
  /** Ends the connection and counts a protocol error with its sentence. */
  fail(reason: string): void;
}

/** Where a decoding consumer says what it applied. Times are `machineNowMs`. */
export interface Applied {
  /** Something that changed at `changedAtMs` (server's time of the change) was applied just now. */
  change(changedAtMs: number, nowMs: number): void;
}

/** What one player shows of another. */
export type Show = (subject: number, xM: number, yM: number, momentMs: number) => void;

/** The world as one decoding consumer has it. */
export interface WorldView {
  /**
   * What a client draws at `nowMs` when it shows the world `delayMs` ago: each visible player but oneself, with the
   * moment of the world that it is drawn at. Subject is the player's number, as in the server's truth.
   */
  show(nowMs: number, delayMs: number, show: Show): void;
}

/** One player's side of a peer's protocol. */
export interface Session {
  /** True once the server took the player in: it has a place in the world and is sent what it sees. */
  readonly joined: boolean;
  /** False when messages need not be handed over any more: only their bytes are counted then. */
  readonly reads: boolean;
  /** One whole message; the bytes are only valid during the call. */
  message(payload: Uint8Array, nowMs: number): void;
  /** Sends the input to walk on a heading (step of 1/256 turn). */
  steer(heading: number): void;
  /** Called about once a second, where the protocol wants something sent now and then. */
  keepAlive?(nowMs: number): void;
  /** Null for those that do not decode. */
  readonly view: WorldView | null;
}

/**
 * How the players of one peer join, speak and read. One object serves all players of a run, and may hold what they
 * share. A player must be put where `new Course(scenario, player)` begins: paths end outside the plain otherwise.
 */
export interface ConsumerProtocol {
  /** What comes before the socket: matchmaking, tickets. */
  admit(player: number): Promise<Upgrade>;
  /** Called when the server has answered the upgrade; `applied` is null for those that need not decode. */
  open(link: Link, player: number, applied: Applied | null): Session;
}

export type ConsumerProtocolFactory = (scenario: Scenario, target: Target) => ConsumerProtocol;
