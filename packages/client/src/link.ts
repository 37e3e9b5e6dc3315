import { catalogue, type ErrorCode, errorOfClose, LifeverseError } from '@lifeverse/protocol';
import { type Admission, askForTicket, type Wait, type Waiting } from './ticket.ts';

/** The part of the platform's WebSocket that is used: browsers have it, Node has it since 22. */
export interface SocketLike {
  binaryType: string;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

export interface LinkOptions {
  readonly server: URL;
  readonly name?: string | undefined;
  readonly session?: string | undefined;
  readonly onSession?: ((session: string) => void) | undefined;
  /** In the waiting room, from an earlier life. */
  readonly place?: string | undefined;
  readonly platform?: string | undefined;
  readonly openSocket: (url: URL) => SocketLike;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface LinkEvents {
  opened(ticket: string): void;
  /** There is no room yet: asked again by itself. */
  waiting(waiting: Waiting): void;
  message(bytes: Uint8Array): void;
  /** The connection is gone; a new one is tried by itself, unless an `ended` follows. */
  lost(): void;
  /** Why a connection was lost or not to be had, each time, ahead of `lost`. */
  troubled?(error: LifeverseError): void;
  ended(error: LifeverseError): void;
}

/** Who waits asks when they are told to, or up to so much of that later: never all at once. */
const LATER_SHARE = 0.25;
const FIRST_DELAY_MS = 250;
const MOST_DELAY_MS = 10_000;
/** Every heartbeat, one a second, is answered: six of them without an answer are the end of a link. */
const SILENT_BEATS = 24;
/** What is tried again for so long without success has ended. */
const GIVE_UP_AFTER = 30;

const placeless = new Set<ErrorCode>(['session_unknown', 'place_invalid', 'place_expired', 'place_used']);

type State =
  | { readonly kind: 'waiting'; readonly timer: ReturnType<typeof setTimeout> }
  | { readonly kind: 'asking'; readonly abort: AbortController }
  /** What is sent before it is `opened` is for a connection that was lost, and lost with it. */
  | { readonly kind: 'open'; readonly socket: SocketLike; opened: boolean }
  | { readonly kind: 'ended' };

/**
 * Keeps a connection to the server: a ticket, a socket, and after a loss the next ones, at a random moment within a
 * growing window (full jitter), so that many who lost the same server do not come back at once.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  #state: State;
  #failures = 0;
  #silentBeats = 0;
  #session: string | undefined;
  #place: string | undefined;

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#session = options.session;
    this.#place = options.place;
    this.#state = { kind: 'ended' };
    this.#ask();
  }

  send(bytes: Uint8Array): void {
    const state = this.#state;
    if (state.kind === 'open' && state.opened) state.socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  /** The player stands in the world: failures before this are forgotten. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** The next ticket is asked for with this session. */
  useSession(session: string): void {
    this.#session = session;
  }

  /** Ends for good; nothing is told any more. */
  close(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    if (state.kind === 'waiting') clearTimeout(state.timer);
    if (state.kind === 'asking') state.abort.abort();
    if (state.kind === 'open') state.socket.close();
  }

  /** Breaks the connection as a network would: for tests, and for a device that has just woken. */
  reconnect(): void {
    if (this.#state.kind === 'open') this.#drop(this.#state.socket);
  }

  /**
   * Called four times a second or less often. A link that says nothing for so many calls is gone, whatever the platform
   * believes of it: counted in calls, not in time, so that a device that slept does not take its sleep for silence.
   */
  beat(): void {
    if (this.#state.kind !== 'open' && this.#state.kind !== 'asking') return;
    this.#silentBeats++;
    if (this.#silentBeats < SILENT_BEATS) return;
    if (this.#state.kind === 'open') this.#drop(this.#state.socket);
    else {
      this.#state.abort.abort();
      this.#failed(new LifeverseError('zone_unreachable', 'the server does not answer'));
    }
  }

  /** Without waiting for the other side to agree: on a dead link it never will. */
  #drop(socket: SocketLike): void {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#failed(new LifeverseError('zone_unreachable', 'nothing was heard'));
  }

  #ask(): void {
    const abort = new AbortController();
    this.#silentBeats = 0;
    this.#state = { kind: 'asking', abort };
    const { name, platform } = this.#options;
    const who = { name, session: this.#session, place: this.#place, platform };
    askForTicket(this.#options.server, who, abort.signal).then(
      (answer) => ('waiting' in answer ? this.#waits(answer, abort) : this.#admitted(answer, abort)),
      (error: unknown) => {
        if (!abort.signal.aborted)
          this.#failed(error instanceof LifeverseError ? error : new LifeverseError('internal', String(error)));
      },
    );
  }

  #waits({ waiting, retryAfterMs }: Wait, abort: AbortController): void {
    if (abort.signal.aborted) return;
    this.#place = waiting.place;
    this.#failures = 0;
    this.#askIn(retryAfterMs * (1 + this.#options.random() * LATER_SHARE));
    this.#events.waiting(waiting);
  }

  #askIn(delayMs: number): void {
    this.#state = { kind: 'waiting', timer: setTimeout(() => this.#ask(), delayMs) };
  }

  #admitted(admission: Admission, abort: AbortController): void {
    if (abort.signal.aborted) return;
    this.#place = undefined;
    this.#session = admission.session;
    this.#options.onSession?.(admission.session);
    const url = new URL('ws', this.#options.server);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = this.#options.openSocket(url);
    const state: State = { kind: 'open', socket, opened: false };
    this.#state = state;
    this.#silentBeats = 0;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      state.opened = true;
      this.#events.opened(admission.ticket);
    };
    socket.onmessage = ({ data }) => {
      this.#silentBeats = 0;
      if (data instanceof ArrayBuffer) this.#events.message(new Uint8Array(data));
    };
    socket.onerror = () => {};
    socket.onclose = ({ code }) => {
      if (this.#state.kind === 'open' && this.#state.socket === socket)
        this.#failed(new LifeverseError(codeOfClose(code)));
    };
  }

  #failed(error: LifeverseError): void {
    const retry = catalogue[error.code].retry;
    if (retry === 'never' || this.#failures >= GIVE_UP_AFTER) {
      this.#state = { kind: 'ended' };
      this.#events.ended(error);
      return;
    }
    // A server that was restarted knows no session of before: the player comes back as somebody new.
    if (error.code === 'session_unknown') this.#session = undefined;
    // A place that is good no more, or was given to another session: there is a new one for who asks without.
    if (placeless.has(error.code)) this.#place = undefined;
    const floorMs = retry === 'later' ? FIRST_DELAY_MS * 8 : FIRST_DELAY_MS;
    const windowMs = Math.min(MOST_DELAY_MS, floorMs * 2 ** this.#failures);
    this.#failures++;
    this.#events.troubled?.(error);
    this.#askIn(this.#options.random() * windowMs);
    this.#events.lost();
  }
}

function codeOfClose(close: number): ErrorCode {
  return errorOfClose(close) ?? 'zone_unreachable';
}
