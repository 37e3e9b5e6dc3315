import { BoundedQueue } from '@lifeverse/base';
import type { Bus } from '@lifeverse/contracts';

interface Message {
  readonly subject: string;
  readonly bytes: Uint8Array;
}

export interface LocalBusOptions {
  /** Messages that may wait for delivery; what comes on top is dropped and counted. */
  readonly capacity?: number;
  /** For tests: true loses this message. */
  readonly lose?: (subject: string) => boolean;
}

/**
 * The bus inside one thread. What was published in one turn of the event loop is delivered in its next check phase, so
 * that a publisher is never entered again from its own call, and sockets are read between two deliveries.
 */
export class LocalBus implements Bus {
  readonly #receivers = new Map<string, Set<(bytes: Uint8Array) => void>>();
  readonly #waiting: BoundedQueue<Message>;
  readonly #lose: (subject: string) => boolean;
  #scheduled: NodeJS.Immediate | null = null;
  #closed = false;
  /** Messages that found the queue full. */
  dropped = 0;

  constructor(options: LocalBusOptions = {}) {
    this.#waiting = new BoundedQueue(options.capacity ?? 4_096);
    this.#lose = options.lose ?? (() => false);
  }

  publish(subject: string, bytes: Uint8Array): void {
    if (this.#closed || this.#lose(subject) || !this.#receivers.has(subject)) return;
    if (!this.#waiting.push({ subject, bytes })) this.dropped++;
    this.#schedule();
  }

  subscribe(subject: string, receive: (bytes: Uint8Array) => void): () => void {
    const receivers = this.#receivers.get(subject) ?? new Set();
    this.#receivers.set(subject, receivers.add(receive));
    return () => {
      receivers.delete(receive);
      if (receivers.size === 0 && this.#receivers.get(subject) === receivers) this.#receivers.delete(subject);
    };
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    this.#receivers.clear();
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = null;
      try {
        this.#deliver(this.#waiting.length);
      } finally {
        if (this.#waiting.length > 0) this.#schedule();
      }
    });
  }

  /** What these receivers publish in turn waits for the next turn. */
  #deliver(count: number): void {
    for (let i = 0; i < count && !this.#closed; i++) {
      const { subject, bytes } = this.#waiting.shift() as Message;
      for (const receive of this.#receivers.get(subject) ?? []) receive(bytes);
    }
  }
}
