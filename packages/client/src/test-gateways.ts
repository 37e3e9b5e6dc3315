import { Random } from '@lifeverse/base';
import { Link, type LinkOptions, type SocketLike } from './link.ts';

/** Time that stands still until it is let go on. */
class VirtualTime {
  #nowMs = 0;
  readonly #due = new Set<{ readonly atMs: number; readonly run: () => void }>();

  readonly nowMs = (): number => this.#nowMs;

  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const due = { atMs: this.#nowMs + delayMs, run };
    this.#due.add(due);
    return () => this.#due.delete(due);
  };

  /** Everything that is due until then happens, in its order, with all that promises make of it. */
  async until(ms: number): Promise<void> {
    await promises();
    for (let due = this.#next(ms); due !== null; due = this.#next(ms)) {
      this.#due.delete(due);
      this.#nowMs = due.atMs;
      due.run();
      await promises();
    }
    this.#nowMs = ms;
  }

  #next(untilMs: number): { readonly atMs: number; readonly run: () => void } | null {
    let next = null;
    for (const due of this.#due) if (due.atMs <= untilMs && (next === null || due.atMs < next.atMs)) next = due;
    return next;
  }
}

function promises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * `gone`: refuses every connection; `mute`: answers nothing; `shut`: refuses every new one; `full`: lets wait whoever asks
 * for a ticket; a number gives tickets, and closes with that code.
 */
type Mood = 'well' | 'gone' | 'mute' | 'shut' | 'full' | number;

/** With these, whoever is there stays, and hears of it. */
const staying = new Set<Mood | undefined>(['well', 'shut', 'full']);

interface Asked {
  readonly atMs: number;
  readonly gateway: string;
  readonly session: string | undefined;
}

const LATENCY_MS = 5;
const SESSION_MOVED = 4050;
const FIRST_WORDS = Uint8Array.of(8);
const BEAT_MS = 250;

class Socket implements SocketLike {
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly gateway: string;
  open = true;
  readonly #said: (bytes: Uint8Array) => void;

  constructor(gateway: string, said: (bytes: Uint8Array) => void) {
    this.gateway = gateway;
    this.#said = said;
  }

  send(bytes: Uint8Array): void {
    this.#said(bytes);
  }

  close(): void {
    this.open = false;
  }
}

/** One who comes by a link. */
export interface Guest {
  readonly link: Link;
  /** Where, since when; null while on the way. */
  at: { readonly gateway: string; readonly ms: number } | null;
  readonly ended: string[];
  /** How often they went on by another connection without losing one, and how often they lost one. */
  moves: number;
  losses: number;
}

/** Gateways of a world, as links see them, on virtual time. */
export class TestGateways {
  readonly time = new VirtualTime();
  readonly guests: Guest[] = [];
  readonly asked: Asked[] = [];
  /** What each answer tells of where else to go; none when null. */
  told: readonly string[] | null = null;
  /** Of which address a ticket says that it is better used there; none when null. */
  better: string | null = null;
  /** How long the way there and back takes, ms; at once where nothing is said. */
  readonly away = new Map<string, number>();
  readonly #moods = new Map<string, Mood>();
  readonly #sockets = new Map<Socket, Guest>();
  /** Those by which a guest is in the world. */
  readonly #played = new Map<Guest, Socket>();
  readonly #random: Random;

  constructor(seed: number, ...names: readonly string[]) {
    this.#random = new Random(seed);
    for (const name of names) this.#moods.set(name, 'well');
    this.#beat();
  }

  come(...names: readonly string[]): Guest {
    const guest: Guest = { link: this.#link(names, () => guest), at: null, ended: [], moves: 0, losses: 0 };
    this.guests.push(guest);
    return guest;
  }

  /** `gone` takes those who are there with it; a number closes them with that code; `mute` leaves them unheard. */
  becomes(name: string, mood: Mood): void {
    this.#moods.set(name, mood);
    for (const [socket, guest] of [...this.#sockets]) {
      if (socket.gateway !== name || !socket.open || mood === 'mute' || staying.has(mood)) continue;
      if (this.#played.get(guest) === socket) guest.at = null;
      this.#close(socket, typeof mood === 'number' ? mood : 1006);
    }
  }

  /** Its players are asked to go on by another; that address, or any. */
  asks(name: string, withinMs: number, address = '', reason: 'stopping' | 'better' = 'stopping'): void {
    for (const { at, link } of this.guests) if (at?.gateway === name) link.go({ reason, withinMs, address });
  }

  #close(socket: Socket, code: number): void {
    this.#sockets.delete(socket);
    socket.open = false;
    socket.onclose?.({ code });
  }

  /** First words on a second connection: the world goes over to it, which ends the first, and is then heard on it. */
  #moves(socket: Socket, guest: Guest): void {
    this.time.after(LATENCY_MS, () => {
      const former = this.#played.get(guest);
      if (former !== undefined && former !== socket) this.#close(former, SESSION_MOVED);
    });
    this.time.after(2 * LATENCY_MS, () => {
      if (socket.open && this.#moods.get(socket.gateway) === 'well') socket.onmessage?.({ data: new ArrayBuffer(1) });
    });
  }

  #plays(guest: Guest, socket: Socket): void {
    this.#played.set(guest, socket);
    guest.at = { gateway: socket.gateway, ms: this.time.nowMs() };
  }

  #link(names: readonly string[], guest: () => Guest): Link {
    const random = this.#random.fork();
    const options: LinkOptions = {
      servers: names.map((name) => new URL(`https://${name}.example`)),
      random: () => random.float(),
      nowMs: this.time.nowMs,
      after: this.time.after,
      fetch: ((url: URL, init: RequestInit) => this.#fetch(url, init)) as typeof fetch,
      openSocket: (url) => this.#open(nameOf(url), guest()),
    };
    let next: Socket | undefined;
    const newest = (): Socket | undefined => [...this.#sockets].findLast(([, whose]) => whose === guest())?.[0];
    return new Link(options, {
      opened: () => {
        this.#plays(guest(), newest() as Socket);
        guest().link.succeeded();
      },
      message: () => undefined,
      waiting: () => undefined,
      lost: () => {
        guest().at = null;
        guest().losses++;
      },
      move: {
        first: () => {
          next = newest();
          return FIRST_WORDS;
        },
        message: () => true,
        taken: () => {
          this.#plays(guest(), next as Socket);
          guest().moves++;
        },
      },
      ended: ({ code }) => guest().ended.push(code),
    });
  }

  async #fetch(url: URL, { body, signal }: RequestInit): Promise<Response> {
    const gateway = nameOf(url);
    const awayMs = this.away.get(gateway);
    if (awayMs !== undefined) await new Promise<void>((resolve) => void this.time.after(awayMs, resolve));
    const mood = this.#moods.get(gateway);
    if (url.pathname === '/api/tickets') {
      const { session } = JSON.parse(String(body)) as { session?: string };
      this.asked.push({ atMs: this.time.nowMs(), gateway, session });
    }
    if (mood === 'mute') return new Promise((_, reject) => signal?.addEventListener('abort', reject));
    if (mood === 'gone' || mood === 'shut') throw new TypeError('fetch failed');
    const headers = new Headers(this.told === null ? {} : { 'x-lifeverse-gateways': this.told.join(', ') });
    if (this.better !== null && url.pathname === '/api/tickets') headers.set('x-lifeverse-better', this.better);
    const isFull = mood === 'full' && url.pathname === '/api/tickets';
    const place = { place: 'p', position: 1, waiting: 1, estimateMs: null, why: 'full', retryAfterMs: 1_000 };
    const said = isFull ? place : { ticket: 't', session: 's', name: 'Ada' };
    const answer = { ok: true, status: isFull ? 202 : 200, headers, json: async () => said, text: async () => '' };
    return answer as unknown as Response;
  }

  #open(gateway: string, guest: Guest): Socket {
    const socket: Socket = new Socket(gateway, (bytes) => {
      if (bytes === FIRST_WORDS) this.#moves(socket, guest);
    });
    this.#sockets.set(socket, guest);
    this.time.after(LATENCY_MS, () => {
      const mood = this.#moods.get(gateway);
      if (!socket.open || mood === 'mute') return;
      if (mood !== 'well') {
        socket.onclose?.({ code: typeof mood === 'number' ? mood : 1006 });
        return;
      }
      socket.onopen?.();
    });
    return socket;
  }

  /** Links that are well hear of their server once a second. */
  #beat(): void {
    this.time.after(BEAT_MS, () => {
      for (const [{ gateway, open, onmessage }] of this.#sockets)
        if (open && staying.has(this.#moods.get(gateway))) onmessage?.({ data: '' });
      for (const { link } of this.guests) link.beat();
      this.#beat();
    });
  }
}

function nameOf({ hostname }: URL): string {
  return hostname.replace('.example', '');
}
