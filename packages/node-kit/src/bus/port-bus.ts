import type { MessagePort } from 'node:worker_threads';
import type { Bus } from '@lifeverse/contracts';
import { LocalBus } from './local-bus.ts';

/** What travels between two threads. `taken`: bytes received since the last such message, so that a queue has an end. */
type Envelope =
  | { readonly kind: 'message'; readonly subject: string; readonly bytes: Uint8Array }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly subject: string }
  | { readonly kind: 'taken'; readonly bytes: number };

export interface PortBusOptions {
  /** Bytes that may be on the way to one peer; a peer that takes no more loses what comes on top. */
  readonly maxUntakenBytes?: number;
  readonly lose?: (subject: string) => boolean;
}

interface Peer {
  readonly port: MessagePort;
  readonly wanted: Set<string>;
  untakenBytes: number;
}

/**
 * The bus between threads: a port to every other thread, and a local bus for what stays here. A message goes only where
 * its subject is wanted; one published before the other side has subscribed is lost, as a bus may do.
 */
export class PortBus implements Bus {
  readonly #local: LocalBus;
  readonly #peers: readonly Peer[];
  readonly #maxUntakenBytes: number;
  readonly #lose: (subject: string) => boolean;
  readonly #subscriptions = new Map<string, number>();
  #closed = false;
  #droppedForPeers = 0;

  constructor(ports: readonly MessagePort[], options: PortBusOptions = {}) {
    this.#local = new LocalBus();
    this.#maxUntakenBytes = options.maxUntakenBytes ?? 16 * 1024 * 1024;
    this.#lose = options.lose ?? (() => false);
    this.#peers = ports.map((port) => ({ port, wanted: new Set<string>(), untakenBytes: 0 }));
    for (const peer of this.#peers) {
      peer.port.on('message', (envelope: Envelope) => this.#receive(peer, envelope));
    }
  }

  /** Messages that a peer had no room for, or that found the local queue full. */
  get dropped(): number {
    return this.#droppedForPeers + this.#local.dropped;
  }

  publish(subject: string, bytes: Uint8Array): void {
    if (this.#closed || this.#lose(subject)) return;
    const peers = this.#peers.filter((peer) => peer.wanted.has(subject));
    const stays = this.#subscriptions.has(subject);
    // Bytes that nobody else needs move to the other thread; all others are copied.
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    const movable = whole && !stays && peers.length === 1 && bytes.buffer instanceof ArrayBuffer;
    if (stays) this.#local.publish(subject, bytes);
    for (const peer of peers) {
      if (peer.untakenBytes > 0 && peer.untakenBytes + bytes.byteLength > this.#maxUntakenBytes) {
        this.#droppedForPeers++;
        continue;
      }
      peer.untakenBytes += bytes.byteLength;
      const envelope: Envelope = { kind: 'message', subject, bytes };
      peer.port.postMessage(envelope, movable ? [bytes.buffer as ArrayBuffer] : []);
    }
  }

  subscribe(subject: string, receive: (bytes: Uint8Array) => void): () => void {
    const end = this.#local.subscribe(subject, receive);
    const before = this.#subscriptions.get(subject) ?? 0;
    this.#subscriptions.set(subject, before + 1);
    if (before === 0) this.#tellAll({ kind: 'subscribe', subject });
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      end();
      const left = (this.#subscriptions.get(subject) ?? 1) - 1;
      if (left > 0) this.#subscriptions.set(subject, left);
      else if (this.#subscriptions.delete(subject)) this.#tellAll({ kind: 'unsubscribe', subject });
    };
  }

  close(): void {
    this.#closed = true;
    this.#local.close();
    this.#subscriptions.clear();
    for (const { port } of this.#peers) port.close();
  }

  #tellAll(envelope: Envelope): void {
    if (!this.#closed) for (const { port } of this.#peers) port.postMessage(envelope);
  }

  #receive(peer: Peer, envelope: Envelope): void {
    if (this.#closed) return;
    switch (envelope.kind) {
      case 'subscribe':
        peer.wanted.add(envelope.subject);
        break;
      case 'unsubscribe':
        peer.wanted.delete(envelope.subject);
        break;
      case 'taken':
        peer.untakenBytes -= envelope.bytes;
        break;
      case 'message':
        peer.port.postMessage({ kind: 'taken', bytes: envelope.bytes.byteLength } satisfies Envelope);
        this.#local.publish(envelope.subject, envelope.bytes);
        break;
    }
  }
}
