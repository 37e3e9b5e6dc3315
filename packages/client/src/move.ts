import { LifeverseError } from '@lifeverse/protocol';
import type { Addresses } from './addresses.ts';
import type { LinkOptions, SocketLike } from './link.ts';
import { type Admission, askForOthers, askForTicket, type Wait } from './ticket.ts';

/** What a client says and hears on a second connection, while the first still is the one it plays by. */
export interface MoveEvents {
  /** It is open: its first words. Null: there is nothing to go on with. */
  first(ticket: string): Uint8Array | null;
  /** True: it has shown itself, and can take the place of the first. */
  message(bytes: Uint8Array): boolean;
  /** It has taken that place. */
  taken(): void;
}

export interface MovePorts {
  readonly options: LinkOptions;
  readonly addresses: Addresses;
  readonly events: MoveEvents;
  readonly after: (delayMs: number, run: () => void) => () => void;
  session(): string | undefined;
  admitted(admission: Admission): void;
  /** That socket, by that address, is the connection from now on. */
  take(socket: SocketLike, url: URL): void;
  /** It had said its first words, and is gone. */
  lost(error: LifeverseError): void;
}

/** By which gateway, or by any; and until when it is worth trying. */
export interface Wish {
  readonly address: string;
  /** Any other is no better than the present one. */
  readonly only: boolean;
  readonly untilMs: number;
}

/** Many may be asked at once. */
const SPREAD_MS = 250;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4_000;
/** Beats, four a second, without an answer: then it is tried elsewhere. */
const SILENT_BEATS = 12;

type Stage =
  | { readonly kind: 'resting'; readonly leave: () => void }
  | { readonly kind: 'asking'; readonly abort: AbortController; url: URL | undefined }
  /** `said`: from its first words on, the zone may speak to this one alone. */
  | { readonly kind: 'open'; readonly socket: SocketLike; readonly url: URL; said: boolean }
  | { readonly kind: 'over' };

/**
 * Makes a second connection while the first plays on, and gives it over once it has shown itself. One that fails is
 * tried again elsewhere, at random moments, as long as there is time.
 */
export class Move {
  readonly #ports: MovePorts;
  readonly #wish: Wish;
  #stage: Stage;
  #failures = 0;
  #silentBeats = 0;

  constructor(ports: MovePorts, wish: Wish) {
    this.#ports = ports;
    this.#wish = wish;
    this.#stage = this.#rest(ports.options.random() * SPREAD_MS);
  }

  /** It goes by the gateway that was named, or not at all. */
  get only(): boolean {
    return this.#wish.only;
  }

  /** The zone may have gone over to it: the first connection can end at any moment. */
  get said(): boolean {
    return this.#stage.kind === 'open' && this.#stage.said;
  }

  /** Four times a second or less often. */
  beat(): void {
    if (this.#stage.kind !== 'asking' && this.#stage.kind !== 'open') return;
    if (++this.#silentBeats >= SILENT_BEATS) this.#failed(unreachable('nothing was heard'));
  }

  /** Gives it up; nothing is told any more. */
  end(): void {
    const stage = this.#stage;
    this.#stage = { kind: 'over' };
    if (stage.kind === 'resting') stage.leave();
    if (stage.kind === 'asking') stage.abort.abort();
    if (stage.kind === 'open') dropped(stage.socket);
  }

  #rest(delayMs: number): Stage {
    return { kind: 'resting', leave: this.#ports.after(delayMs, () => void this.#ask()) };
  }

  async #ask(): Promise<void> {
    const { options, addresses } = this.#ports;
    const abort = new AbortController();
    const stage: Stage = { kind: 'asking', abort, url: undefined };
    this.#stage = stage;
    this.#silentBeats = 0;
    const asking = { signal: abort.signal, fetch: options.fetch ?? fetch };
    // By the second time at the latest, the server has told of those that came since.
    if (this.#failures > 0 || addresses.another(this.#wish.address) === undefined) {
      const others = await askForOthers(addresses.current, asking);
      if (abort.signal.aborted) return;
      if (others !== null) addresses.told(others);
    }
    const { address, only } = this.#wish;
    const url = addresses.another(this.#failures === 0 || only ? address : '');
    if (only && url?.origin !== address) {
      this.#stage = { kind: 'over' };
      return;
    }
    if (url === undefined) {
      this.#again();
      return;
    }
    stage.url = url;
    const who = { name: options.name, session: this.#ports.session(), platform: options.platform };
    const answer = await askForTicket(url, who, asking).catch(() => null);
    if (abort.signal.aborted) return;
    if (answer !== null && answer.others !== null) addresses.told(answer.others);
    if (isAdmission(answer)) this.#admitted(url, answer);
    else if (isWait(answer)) this.#again();
    else this.#failed(unreachable('no ticket was given'));
  }

  #admitted(url: URL, admission: Admission): void {
    this.#ports.admitted(admission);
    const at = new URL('ws', url);
    at.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = this.#ports.options.openSocket(at);
    const stage: Stage = { kind: 'open', socket, url, said: false };
    this.#stage = stage;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      const first = this.#ports.events.first(admission.ticket);
      if (first === null) {
        this.end();
        return;
      }
      stage.said = true;
      socket.send(first as Uint8Array<ArrayBuffer>);
    };
    socket.onmessage = ({ data }) => {
      this.#silentBeats = 0;
      if (!(data instanceof ArrayBuffer) || !this.#ports.events.message(new Uint8Array(data))) return;
      this.#stage = { kind: 'over' };
      this.#ports.take(socket, url);
    };
    socket.onerror = () => {};
    socket.onclose = () => this.#failed(unreachable('the second connection was closed'));
  }

  #failed(error: LifeverseError): void {
    const { said } = this;
    const stage = this.#stage;
    if (stage.kind === 'asking') stage.abort.abort();
    if (stage.kind === 'open') dropped(stage.socket);
    if ('url' in stage && stage.url !== undefined) this.#ports.addresses.anotherFailed(stage.url, FIRST_DELAY_MS);
    this.#again();
    if (said) this.#ports.lost(error);
  }

  /** Elsewhere, as long as there is time. */
  #again(): void {
    const { options } = this.#ports;
    const windowMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++);
    const delayMs = options.random() * windowMs;
    this.#stage = options.nowMs() + delayMs < this.#wish.untilMs ? this.#rest(delayMs) : { kind: 'over' };
  }
}

function isAdmission(answer: Admission | Wait | null): answer is Admission {
  return answer !== null && 'ticket' in answer;
}

/** There is no room: not the gateway's fault, and as it is by any other. */
function isWait(answer: Admission | Wait | null): answer is Wait {
  return answer !== null && 'waiting' in answer;
}

function unreachable(why: string): LifeverseError {
  return new LifeverseError('zone_unreachable', why);
}

/** Without waiting for the other side to agree: on a dead link it never will. */
export function dropped(socket: SocketLike): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
}
