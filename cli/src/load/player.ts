import { catalogue, type ErrorCode, errorOfClose } from '@lifeverse/protocol';
import type { Avatar, AvatarEvents } from './avatar.ts';
import { LoadProblem } from './load-problem.ts';
import type { Measures } from './measures.ts';
import { PlayerSocket } from './player-socket.ts';
import type { TicketDesk } from './ticket-desk.ts';

export interface PlayerContext {
  readonly server: URL;
  readonly desk: TicketDesk;
  readonly measures: Measures;
  newAvatar(events: AvatarEvents): Avatar;
}

export type PlayerState =
  | { readonly kind: 'absent' }
  /** A ticket is on its way, maybe for as long as the line is. */
  | { readonly kind: 'asking'; readonly sinceMs: number }
  /** `sinceMs`: from when there was a ticket. */
  | { readonly kind: 'joining'; readonly sinceMs: number; readonly socket: PlayerSocket; readonly avatar: Avatar }
  | { readonly kind: 'playing'; readonly socket: PlayerSocket; readonly avatar: Avatar }
  /** The connection was lost, or there was none to be had: tried again then. */
  | { readonly kind: 'waiting'; readonly untilMs: number }
  /** The server has said that trying again cannot help. */
  | { readonly kind: 'refused' };

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const JOIN_MS = 20_000;

/** One player of the load: joins, comes back when it is cut off, leaves. */
export class Player {
  state: PlayerState = { kind: 'absent' };
  readonly #context: PlayerContext;
  #session: string | null = null;
  #failures = 0;
  #everJoined = false;

  constructor(context: PlayerContext) {
    this.#context = context;
  }

  get settled(): boolean {
    return this.state.kind === 'playing' || this.state.kind === 'refused';
  }

  /** Joins, if it is not doing so already. */
  come(nowMs: number): void {
    const { state } = this;
    if (state.kind !== 'absent' && !(state.kind === 'waiting' && nowMs >= state.untilMs)) return;
    const asking = { kind: 'asking', sinceMs: nowMs } as const;
    this.state = asking;
    this.#context.desk.ticket(this.#session).then(
      ({ ticket, session }) => {
        this.#session = session;
        if (this.state === asking) this.#connect(ticket, nowMs);
      },
      (error: unknown) => {
        if (!(error instanceof LoadProblem)) throw error;
        if (this.state === asking) this.#failed(null, error.message);
      },
    );
  }

  /** Leaves the world; may come again, unless it was refused for good. */
  leave(): void {
    const { state } = this;
    if (state.kind === 'refused') return;
    this.state = { kind: 'absent' };
    if (state.kind === 'playing') state.avatar.leave();
    if (state.kind === 'playing' || state.kind === 'joining') state.socket.close();
  }

  update(nowMs: number): void {
    const { state } = this;
    if (state.kind === 'joining' && nowMs - state.sinceMs > JOIN_MS) {
      state.socket.close();
      this.#failed(null, `not in the world after ${JOIN_MS / 1_000} s`);
    } else if (state.kind === 'playing') state.avatar.update(nowMs);
  }

  #connect(ticket: string, sinceMs: number): void {
    const { measures } = this.#context;
    const avatar = this.#context.newAvatar({
      send: (bytes) => socket.send(bytes),
      joined: () => this.#joined(socket, avatar, sinceMs),
      refused: (code) => this.#refused(code),
    });
    const socket: PlayerSocket = new PlayerSocket(this.#context.server, {
      opened: () => avatar.open(ticket),
      message: (payload) => avatar.receive(payload, performance.now()),
      received: (bytes) => {
        measures.bytes += bytes;
      },
      unreadable: () => {
        measures.protocolErrors++;
      },
      ended: (closeCode, why) => this.#ended(closeCode, why),
    });
    // Waiting in line for the ticket is no part of what joining may take.
    this.state = { kind: 'joining', sinceMs: performance.now(), socket, avatar };
  }

  #joined(socket: PlayerSocket, avatar: Avatar, sinceMs: number): void {
    const { measures } = this.#context;
    this.state = { kind: 'playing', socket, avatar };
    this.#failures = 0;
    measures.joinMs.add(performance.now() - sinceMs);
    if (!this.#everJoined) measures.joined++;
    this.#everJoined = true;
    if (!avatar.prompt) socket.beLazy();
  }

  /**
   * What the server only does not want is its right; what it calls wrong is an error of ours. An input from the future
   * is a clock that a busy machine led astray: told, but no error of the protocol.
   */
  #refused(code: ErrorCode): void {
    if (catalogue[code].fault === 'client' && code !== 'input_future') this.#context.measures.protocolErrors++;
    this.#context.measures.say(`the server refused an input: ${code}`);
  }

  #ended(closeCode: number | null, why: string): void {
    const code = closeCode === null ? undefined : errorOfClose(closeCode);
    if (this.state.kind === 'playing') this.#context.measures.disconnects++;
    if (code !== undefined && catalogue[code].fault === 'client' && catalogue[code].retry === 'never')
      this.#context.measures.protocolErrors++;
    this.#failed(code ?? null, code ?? (closeCode === null ? why : `${why} with ${closeCode}`));
  }

  #failed(code: ErrorCode | null, why: string): void {
    this.#context.measures.say(
      this.state.kind === 'playing' ? `lost the connection: ${why}` : `could not join: ${why}`,
    );
    if (code !== null && catalogue[code].retry === 'never') {
      this.state = { kind: 'refused' };
      return;
    }
    const windowMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    this.state = { kind: 'waiting', untilMs: performance.now() + Math.random() * windowMs };
  }
}
