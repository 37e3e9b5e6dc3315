import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@lifeverse/contracts';
import {
  type ConnectionOptions,
  connect,
  errors,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { Backoff } from '../backoff.ts';
import { ConfigurationError } from '../config/read-options.ts';

export interface NatsBusOptions {
  /** `nats://host:4222`, or `tls://`; several are one cluster. */
  readonly servers: readonly string[];
  /** What this connection is called at the server. */
  readonly name: string;
  /** Stands before every subject, so that several worlds may share a server: `lifeverse.town`. */
  readonly prefix: string;
  readonly user?: { readonly name: string; readonly password: string };
  /** PEM files; left out: those that the machine trusts. Servers are named by the names in their certificates. */
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
  /** Bytes that the server may not have taken yet; what comes on top is dropped and counted. */
  readonly maxUntakenBytes?: number;
  /** For tests: true loses this message. */
  readonly lose?: (subject: string) => boolean;
  /** Told when the server is out of reach, and when it is there again. */
  readonly onStatus?: (status: { readonly up: boolean; readonly why: string }) => void;
  /** Told what the server did not let us do: `publish lifeverse.toggles`. */
  readonly onRefused?: (what: string) => void;
  /** Told when what others say begins to come late, by how much. */
  readonly onBehind?: (behindMs: number) => void;
  /** What comes so much late is behind. */
  readonly behindMs?: number;
  /** Ends the waiting for a server that is not there. */
  readonly signal?: AbortSignal;
}

const ATTEMPT_MS = 2_000;
const AGAIN_MS = 250;
const AGAIN_JITTER_MS = 500;
/** A server that is silent for so long, twice, is gone. */
const PING_MS = 2_000;
const PINGS_OUT = 2;
/** The server cuts off who lets it wait for 10 s, or for 64 MB: this is well before. */
const BEHIND_MS = 1_000;
/** So much goes out before the server is asked whether it has taken it. */
const ASK_AFTER_BYTES = 262_144;

interface Heard {
  readonly subscription: Subscription;
  readonly receivers: Set<(bytes: Uint8Array) => void>;
}

/**
 * The bus between processes: NATS, its publish and subscribe alone. While the server is out of reach all that is said is
 * lost, as a bus may lose; subscriptions are there again as soon as it is.
 */
export class NatsBus implements Bus {
  /** Messages that the server was not there for, or had no room for. */
  dropped = 0;
  /** Times that what others said began to come late: the server had more for us than we took. */
  behind = 0;
  readonly #connection: NatsConnection;
  readonly #options: NatsBusOptions;
  readonly #prefix: string;
  readonly #maxUntakenBytes: number;
  readonly #heard = new Map<string, Heard>();
  #untakenBytes = 0;
  #asking = false;
  #up = true;
  #closed = false;
  readonly #behindMs: number;
  readonly #looking: NodeJS.Timeout;
  /** Of a question of ours that the server has not answered. */
  #look: { readonly atMs: number; readonly inBytes: number } | null = null;
  #isBehind = false;

  private constructor(connection: NatsConnection, options: NatsBusOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#prefix = `${options.prefix}.`;
    this.#maxUntakenBytes = options.maxUntakenBytes ?? 16 * 1024 * 1024;
    this.#behindMs = options.behindMs ?? BEHIND_MS;
    this.#looking = setInterval(() => this.#lookBehind(), this.#behindMs).unref();
    void this.#follow();
  }

  /**
   * Waits for a server that is not there, and says so. Rejects with a ConfigurationError when it refuses us, and when the
   * signal ends the waiting.
   */
  static async connect(options: NatsBusOptions): Promise<NatsBus> {
    const servers = options.servers.join(', ');
    const backoff = new Backoff();
    for (let attempt = 1; ; attempt++) {
      options.signal?.throwIfAborted();
      try {
        const bus = new NatsBus(await connect(connectionOptions(options)), options);
        if (attempt > 1) options.onStatus?.({ up: true, why: `connected to ${servers}` });
        return bus;
      } catch (error) {
        if (error instanceof errors.AuthorizationError)
          throw new ConfigurationError(
            `NATS at ${servers} does not let ${options.user?.name ?? 'anybody unnamed'} in.`,
          );
        options.onStatus?.({ up: false, why: (error as Error).message });
        await sleep(backoff.takeMs(), undefined, options.signal === undefined ? {} : { signal: options.signal });
      }
    }
  }

  get up(): boolean {
    return this.#up;
  }

  publish(subject: string, bytes: Uint8Array): void {
    if (this.#closed || this.#options.lose?.(subject)) return;
    const isTooMuch = this.#untakenBytes > 0 && this.#untakenBytes + bytes.length > this.#maxUntakenBytes;
    if (!this.#up || isTooMuch || bytes.length > (this.#connection.info?.max_payload ?? Number.POSITIVE_INFINITY)) {
      this.dropped++;
      return;
    }
    this.#untakenBytes += bytes.length;
    this.#connection.publish(this.#prefix + subject, bytes);
    if (this.#untakenBytes >= ASK_AFTER_BYTES) void this.#ask();
  }

  subscribe(subject: string, receive: (bytes: Uint8Array) => void): () => void {
    if (this.#closed) return () => undefined;
    const heard = this.#heard.get(subject) ?? this.#listen(subject);
    heard.receivers.add(receive);
    return () => {
      heard.receivers.delete(receive);
      if (heard.receivers.size > 0 || this.#heard.get(subject) !== heard) return;
      this.#heard.delete(subject);
      if (!this.#closed) heard.subscription.unsubscribe();
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#looking);
    this.#heard.clear();
    void this.#connection.close();
  }

  #listen(subject: string): Heard {
    const receivers = new Set<(bytes: Uint8Array) => void>();
    const subscription = this.#connection.subscribe(this.#prefix + subject, {
      callback: (error, message) => {
        if (error !== null || this.#closed) return;
        // What comes from a socket is a Buffer: a view, also once it was sliced, and text when it is to say what it is.
        const { buffer, byteOffset, byteLength } = message.data;
        const bytes = new Uint8Array(buffer, byteOffset, byteLength);
        for (const receive of receivers) receive(bytes);
      },
    });
    const heard = { subscription, receivers };
    this.#heard.set(subject, heard);
    return heard;
  }

  /** How much the server has taken: all that went out before it answers. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const askedBytes = this.#untakenBytes;
    try {
      await this.#connection.flush();
      this.#untakenBytes -= askedBytes;
    } catch {
      // The connection is gone, and with it what was on its way.
      this.#untakenBytes = 0;
    } finally {
      this.#asking = false;
    }
    if (this.#untakenBytes >= ASK_AFTER_BYTES && !this.#closed) void this.#ask();
  }

  /**
   * The server answers behind all that it still has for us, so how long that takes is how late we hear. Without an answer, it is
   * we who are slow as long as it goes on speaking.
   */
  #lookBehind(): void {
    const look = this.#look;
    const { inBytes } = this.#connection.stats();
    if (look !== null) {
      const silentMs = performance.now() - look.atMs;
      if (silentMs >= this.#behindMs && inBytes > look.inBytes) this.#late(silentMs);
      return;
    }
    if (!this.#up) return;
    const atMs = performance.now();
    this.#look = { atMs, inBytes };
    const answered = (): void => {
      this.#look = null;
      this.#late(performance.now() - atMs);
    };
    const lost = (): void => {
      this.#look = null;
    };
    this.#connection.flush().then(answered, lost);
  }

  /** Once, until it is no more. */
  #late(byMs: number): void {
    const isBehind = byMs >= this.#behindMs;
    if (isBehind && !this.#isBehind) {
      this.behind++;
      this.#options.onBehind?.(byMs);
    }
    this.#isBehind = isBehind;
  }

  async #follow(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (this.#closed) return;
      if (status.type === 'disconnect') this.#is(false, `the connection to ${status.server} was lost`);
      else if (status.type === 'reconnect') this.#is(true, `connected to ${status.server}`);
      else if (status.type === 'error' && status.error instanceof errors.PermissionViolationError)
        this.#options.onRefused?.(`${status.error.operation} ${status.error.subject}`);
    }
  }

  #is(up: boolean, why: string): void {
    if (this.#up === up) return;
    this.#up = up;
    this.#untakenBytes = 0;
    this.#options.onStatus?.({ up, why });
  }
}

function connectionOptions({ servers, name, user, tls }: NatsBusOptions): ConnectionOptions {
  return {
    servers: [...servers],
    name,
    timeout: ATTEMPT_MS,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: AGAIN_MS,
    reconnectJitter: AGAIN_JITTER_MS,
    pingInterval: PING_MS,
    maxPingOut: PINGS_OUT,
    ...(user === undefined ? {} : { user: user.name, pass: user.password }),
    ...(tls === undefined ? {} : { tls: { ...tls } }),
  };
}
