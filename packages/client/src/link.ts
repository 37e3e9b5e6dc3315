import { type ErrorCode, errorOfClose, type Go, LifeverseError } from '@lifeverse/protocol';
import { Addresses } from './addresses.ts';
import { dropped, Move, type MoveEvents } from './move.ts';
import { isNearer, type RoundTrips, roundTrips } from './nearness.ts';
import { type Admission, askForOthers, askForTicket, type Wait, type Waiting } from './ticket.ts';

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
  /** By any of these the world is entered. */
  readonly servers: readonly URL[];
  readonly name?: string | undefined;
  readonly session?: string | undefined;
  readonly onSession?: ((session: string) => void) | undefined;
  /** In the waiting room, from an earlier life. */
  readonly place?: string | undefined;
  readonly platform?: string | undefined;
  readonly openSocket: (url: URL) => SocketLike;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Of a clock that never goes back. */
  readonly nowMs: () => number;
  /** Runs it after so long; returns what takes that back. The platform's timer when left out. */
  readonly after?: (delayMs: number, run: () => void) => () => void;
  /** The platform's when left out. */
  readonly fetch?: typeof fetch;
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
  /** Left out: who is asked to go on by another server stays. */
  readonly move?: MoveEvents;
}

/** Who waits asks when they are told to, or up to so much of that later: never all at once. */
const LATER_SHARE = 0.25;
const FIRST_DELAY_MS = 250;
/** Within this, those who lost the same server come to the others. */
const SPREAD_MS = 1_000;
/** Every heartbeat, one a second, is answered: six of them without an answer are the end of a link. */
const SILENT_BEATS = 24;
/** So long a question may be unanswered where another server can be asked. */
const SILENT_BEATS_OF_ONE = 12;
/** How often a client in the world asks where else it could be entered: the first time within a minute, then each ten. */
const RENEWAL_BEATS = { first: 240, next: 2_400 } as const;
/** To so many the way is measured: of those that were given, and of those that were told. */
const MEASURED_FIRST = 16;
const MEASURED = 8;
/** For so long it is tried to go to a nearer one. */
const NEARER_MS = 10_000;
/** An answer that takes longer is not needed. */
const RENEWAL_MS = 10_000;
/** What is tried again for so long without success, by each address, has ended. */
const GIVE_UP_AFTER = 30;

const placeless = new Set<ErrorCode>(['session_unknown', 'place_invalid', 'place_expired', 'place_used']);
/** What one server says for good, and another need not. */
const itsOwn = new Set<ErrorCode>(['version_unsupported', 'origin_refused']);

type State =
  | { readonly kind: 'waiting'; readonly leave: () => void }
  | { readonly kind: 'asking'; readonly abort: AbortController }
  /** What is sent before it is `opened` is for a connection that was lost, and lost with it. */
  | { readonly kind: 'open'; readonly socket: SocketLike; opened: boolean }
  /** The connection has ended, and the next one has said its first words: it is to show itself any moment. */
  | { readonly kind: 'between' }
  | { readonly kind: 'ended' };

/** Why there is no connection any more. */
interface Failure {
  readonly error: LifeverseError;
  /** Nobody said so: the server is not to be heard. */
  readonly silent: boolean;
  /** There was a connection: whoever else had one by the same server may have lost theirs at the same moment. */
  readonly lost: boolean;
}

/**
 * Keeps a connection to the world: a ticket, a socket, and after a loss the next ones, at random moments (full jitter), so
 * that many who lost the same server do not come back at once. Where there are several servers, the others are tried first.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #addresses: Addresses;
  #state: State;
  #move: Move | null = null;
  #failures = 0;
  #silentBeats = 0;
  #renewalBeats = 0;
  /** As they were measured last. */
  #trips: RoundTrips = new Map();
  #session: string | undefined;
  #place: string | undefined;

  /** Throws a RangeError when there is no address to begin with. */
  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#addresses = new Addresses(options.servers, options);
    this.#session = options.session;
    this.#place = options.place;
    this.#state = { kind: 'ended' };
    if (this.#addresses.size > 1) this.#beginNear();
    else this.#ask();
  }

  /** By whichever is near: what is far is felt with every step. */
  #beginNear(): void {
    const abort = new AbortController();
    this.#state = { kind: 'asking', abort };
    void this.#measure(MEASURED_FIRST, abort.signal).then(() => {
      if (abort.signal.aborted) return;
      this.#addresses.beginNear(this.#trips);
      this.#ask();
    });
  }

  async #measure(most: number, signal: AbortSignal): Promise<void> {
    const { nowMs, after = afterTimeout } = this.#options;
    const measured = await roundTrips(this.#addresses.some(most), { fetch: this.#fetch, nowMs, after, signal });
    const known = [...this.#trips].filter(([href]) => this.#addresses.has(new URL(href)));
    this.#trips = new Map([...known, ...measured]);
  }

  /** By which the world is entered, or is tried to be. */
  get server(): URL {
    return this.#addresses.current;
  }

  send(bytes: Uint8Array): void {
    const state = this.#state;
    if (state.kind === 'open' && state.opened) state.socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  /** The player stands in the world: failures before this are forgotten. */
  succeeded(): void {
    this.#failures = 0;
    this.#addresses.succeeded();
    this.#renewalBeats = 1 + Math.floor(this.#options.random() * RENEWAL_BEATS.first);
  }

  /** The server asks to go on by another: that is made ready while this connection goes on. Asked again, it begins anew. */
  go({ reason, address, withinMs }: Go): void {
    const { move: events } = this.#events;
    // Who has to leave is not kept from it.
    if (reason === 'better' && (this.#isFar(address) || this.#move?.only === false)) return;
    if (this.#state.kind !== 'open' || events === undefined || this.#move?.said === true) return;
    this.#move?.end();
    const { nowMs, after = afterTimeout } = this.#options;
    const ports = {
      ...{ options: this.#options, addresses: this.#addresses, events, after, session: () => this.#session },
      admitted: (admission: Admission) => this.#known(admission),
      take: (socket: SocketLike, url: URL) => this.#take(socket, url, reason),
      lost: (error: LifeverseError) => this.#moveLost(error),
    };
    // One that stops is left as long as it is there to be left.
    const untilMs = reason === 'better' ? nowMs() + withinMs : Number.POSITIVE_INFINITY;
    this.#move = new Move(ports, { address, only: reason === 'better', untilMs });
  }

  /** Further than the present one, so that it is to be felt, as far as is known. */
  #isFar(address: string): boolean {
    const there = URL.canParse(address) ? this.#trips.get(new URL(address).href) : undefined;
    const here = this.#trips.get(this.#addresses.current.href);
    return there !== undefined && here !== undefined && isNearer(here, there);
  }

  /** The second connection is the one from now on; one that stops is left alone for a while. */
  #take(socket: SocketLike, url: URL, reason: Go['reason']): void {
    const former = this.#state;
    this.#move = null;
    this.#addresses.moveTo(url, reason === 'stopping' ? FIRST_DELAY_MS : null);
    this.#hear(socket, true);
    if (former.kind === 'open') dropped(former.socket);
    this.#events.move?.taken();
    this.succeeded();
  }

  #moveLost(error: LifeverseError): void {
    if (this.#state.kind === 'between') this.#failed({ error, silent: true, lost: true });
  }

  /** The next ticket is asked for with this session. */
  useSession(session: string): void {
    this.#session = session;
  }

  /** Ends for good; nothing is told any more. */
  close(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    this.#endMove();
    if (state.kind === 'waiting') state.leave();
    if (state.kind === 'asking') state.abort.abort();
    if (state.kind === 'open') state.socket.close();
  }

  /** Breaks the connection as a network would: for tests, and for a device that has just woken. */
  reconnect(): void {
    if (this.#state.kind === 'open') this.#drop(this.#state.socket, false);
  }

  /**
   * Called four times a second or less often. A link that says nothing for so many calls is gone, whatever the platform
   * believes of it: counted in calls, not in time, so that a device that slept does not take its sleep for silence.
   */
  beat(): void {
    const state = this.#state;
    this.#move?.beat();
    if (state.kind !== 'open' && state.kind !== 'asking') return;
    this.#silentBeats++;
    if (state.kind === 'open') {
      if (this.#silentBeats >= SILENT_BEATS) this.#drop(state.socket, true);
      else if (state.opened && --this.#renewalBeats === 0) this.#renew();
      return;
    }
    if (this.#silentBeats < (this.#addresses.hasAlternative ? SILENT_BEATS_OF_ONE : SILENT_BEATS)) return;
    state.abort.abort();
    this.#failed({ error: unreachable('the server does not answer'), silent: true, lost: false });
  }

  #drop(socket: SocketLike, silent: boolean): void {
    dropped(socket);
    this.#failed({ error: unreachable('nothing was heard'), silent, lost: true });
  }

  /** Servers come and go while one plays. */
  #renew(): void {
    this.#renewalBeats = RENEWAL_BEATS.next;
    const { current } = this.#addresses;
    const signal = AbortSignal.timeout(RENEWAL_MS);
    void askForOthers(current, { signal, fetch: this.#fetch }).then(async (others) => {
      if (others === null || this.#addresses.current !== current) return;
      this.#addresses.told(others);
      if (this.#addresses.size === 1) return;
      await this.#measure(MEASURED, signal);
      if (this.#addresses.current === current) this.#goNearer(current);
    });
  }

  /** To the nearest of those that were measured, where that is nearer than the present one. */
  #goNearer(current: URL): void {
    const here = this.#trips.get(current.href);
    const [nearest] = [...this.#trips].toSorted(([, a], [, b]) => a - b);
    if (here === undefined || nearest === undefined || !isNearer(nearest[1], here)) return;
    this.go({ reason: 'better', address: new URL(nearest[0]).origin, withinMs: NEARER_MS });
  }

  get #fetch(): typeof fetch {
    return this.#options.fetch ?? fetch;
  }

  #ask(): void {
    const abort = new AbortController();
    this.#silentBeats = 0;
    this.#state = { kind: 'asking', abort };
    const { name, platform } = this.#options;
    const who = { name, session: this.#session, place: this.#place, platform };
    askForTicket(this.#addresses.current, who, { signal: abort.signal, fetch: this.#fetch }).then(
      (answer) => {
        if (!abort.signal.aborted) this.#answered(answer);
      },
      (reason: unknown) => {
        if (abort.signal.aborted) return;
        const error = reason instanceof LifeverseError ? reason : new LifeverseError('internal', String(reason));
        // A proxy says no more of a server that it does not reach than a server of what went wrong.
        const silent = error.code === 'zone_unreachable' || error.code === 'internal';
        this.#failed({ error, silent, lost: false });
      },
    );
  }

  #answered(answer: Admission | Wait): void {
    if (answer.others !== null) this.#addresses.told(answer.others);
    if ('waiting' in answer) this.#waits(answer);
    else this.#admitted(answer);
  }

  #waits({ waiting, retryAfterMs }: Wait): void {
    this.#place = waiting.place;
    this.#failures = 0;
    this.#addresses.succeeded();
    this.#askIn(retryAfterMs * (1 + this.#options.random() * LATER_SHARE));
    this.#events.waiting(waiting);
  }

  #askIn(delayMs: number): void {
    const { after = afterTimeout } = this.#options;
    this.#state = { kind: 'waiting', leave: after(delayMs, () => this.#ask()) };
  }

  #admitted(admission: Admission): void {
    this.#place = undefined;
    this.#known(admission);
    if (admission.better !== null && !this.#isFar(admission.better)) this.#addresses.prefer(admission.better);
    const url = new URL('ws', this.#addresses.current);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = this.#options.openSocket(url);
    const state = this.#hear(socket, false);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      state.opened = true;
      this.#events.opened(admission.ticket);
    };
  }

  #known({ session }: Admission): void {
    this.#session = session;
    this.#options.onSession?.(session);
  }

  /** What comes by that socket counts from now on. */
  #hear(socket: SocketLike, opened: boolean): { opened: boolean } {
    const state = { kind: 'open' as const, socket, opened };
    this.#state = state;
    this.#silentBeats = 0;
    socket.onmessage = ({ data }) => {
      this.#silentBeats = 0;
      if (data instanceof ArrayBuffer) this.#events.message(new Uint8Array(data));
    };
    socket.onerror = () => {};
    socket.onclose = ({ code }) => {
      if (this.#state.kind !== 'open' || this.#state.socket !== socket) return;
      const said = errorOfClose(code);
      const error = new LifeverseError(said ?? 'zone_unreachable');
      if (this.#move?.said === true && error.retry !== 'never') this.#state = { kind: 'between' };
      else this.#failed({ error, silent: said === undefined, lost: true });
    };
    return state;
  }

  #endMove(): void {
    this.#move?.end();
    this.#move = null;
  }

  #failed(failure: Failure): void {
    const { error } = failure;
    this.#endMove();
    const isFinal = error.retry === 'never' && !(itsOwn.has(error.code) && this.#addresses.leave());
    if (isFinal || this.#failures >= GIVE_UP_AFTER * this.#addresses.size) {
      this.#state = { kind: 'ended' };
      this.#events.ended(error);
      return;
    }
    // A server that was restarted knows no session of before: the player comes back as somebody new.
    if (error.code === 'session_unknown') this.#session = undefined;
    // A place that is good no more, or was given to another session: there is a new one for who asks without.
    if (placeless.has(error.code)) this.#place = undefined;
    this.#failures++;
    this.#events.troubled?.(error);
    this.#askIn(error.retry === 'never' ? this.#addresses.waitMs : this.#delayMs(failure));
    this.#events.lost();
  }

  /** How long to wait, and by which address to come back then. */
  #delayMs({ error, silent, lost }: Failure): number {
    const hadFailed = this.#addresses.failures > 0;
    this.#addresses.failed(error.retry === 'later' ? FIRST_DELAY_MS * 8 : FIRST_DELAY_MS);
    const isGone = silent || error.code === 'server_stopping' || error.code === 'backend_unreachable';
    // What is said of all the world, or of this player, is so by every server: only what goes on may be this one's fault.
    const isOfOne = isGone || (hadFailed && error.retry === 'now');
    return isOfOne ? this.#addresses.turn(lost ? SPREAD_MS : 0) : this.#addresses.waitMs;
  }
}

function unreachable(why: string): LifeverseError {
  return new LifeverseError('zone_unreachable', why);
}

function afterTimeout(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
