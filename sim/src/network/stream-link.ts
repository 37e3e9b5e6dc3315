import type { Random } from '@lifeverse/base';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';

/** One direction of a player's line. */
export interface LineConditions {
  delayMs: number;
  jitterMs: number;
  bytesPerMs: number;
}

interface Chunk {
  readonly bytes: Uint8Array;
  /** What the sender was at when it wrote this. */
  readonly mark: number;
  departMs: number;
  arriveMs: number;
}

const GONE = 64;

/**
 * A reliable ordered stream of bytes, as TCP gives it: nothing is lost or overtakes, but all of it may come late. While
 * the line is stalled nothing leaves, and what is written waits in the sender's buffer.
 */
export class StreamLink implements Due {
  readonly conditions: LineConditions;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #deliver: (bytes: Uint8Array) => void;
  #chunks: Chunk[] = [];
  #head = 0;
  #departMs = 0;
  #arriveMs = 0;
  #wakeMs = Number.POSITIVE_INFINITY;
  /** Bytes of somebody else's that go first. */
  #backlog = { bytes: 0, untilMs: 0 };
  #open = true;

  constructor(
    parts: { timeline: Timeline; random: Random; conditions: LineConditions },
    deliver: (bytes: Uint8Array) => void,
  ) {
    this.conditions = parts.conditions;
    this.#timeline = parts.timeline;
    this.#random = parts.random;
    this.#deliver = deliver;
  }

  /** What of the mark's kind has arrived for certain: all before this, or `mark` when nothing is on its way. */
  arrivedBefore(mark: number): number {
    return this.#head < this.#chunks.length ? this.#chunks[this.#head].mark : mark;
  }

  send(bytes: Uint8Array, mark: number): void {
    if (!this.#open) return;
    const { delayMs, jitterMs, bytesPerMs } = this.conditions;
    const nowMs = this.#timeline.nowMs();
    this.#departMs = Math.max(nowMs, this.#departMs) + bytes.length / bytesPerMs;
    this.#arriveMs = Math.max(this.#arriveMs, this.#departMs + delayMs + this.#random.float() * jitterMs);
    this.#chunks.push({ bytes, mark, departMs: this.#departMs, arriveMs: this.#arriveMs });
    if (this.#wakeMs === Number.POSITIVE_INFINITY) this.#sleep();
  }

  /** Nothing leaves for so long; until then the buffer holds these bytes besides. */
  stall(durationMs: number, backlogBytes: number): void {
    const nowMs = this.#timeline.nowMs();
    this.#backlog = { bytes: backlogBytes, untilMs: nowMs + durationMs };
    this.#departMs = Math.max(this.#departMs, nowMs) + durationMs;
    for (let i = this.#head; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i];
      if (chunk.departMs <= nowMs) continue;
      chunk.departMs += durationMs;
      chunk.arriveMs += durationMs;
    }
    this.#arriveMs += durationMs;
  }

  /** The stall is over: what waited leaves now. */
  relieve(): void {
    const nowMs = this.#timeline.nowMs();
    const { delayMs, bytesPerMs } = this.conditions;
    this.#backlog = { bytes: 0, untilMs: 0 };
    this.#departMs = nowMs;
    this.#arriveMs = 0;
    for (let i = this.#head; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i];
      if (chunk.departMs > nowMs) {
        chunk.departMs = this.#departMs += chunk.bytes.length / bytesPerMs;
        chunk.arriveMs = Math.max(this.#arriveMs, chunk.departMs + delayMs);
      }
      this.#arriveMs = chunk.arriveMs;
    }
    this.#wakeMs = Number.POSITIVE_INFINITY;
    this.#sleep();
  }

  /** What has not left yet. */
  bufferedBytes(): number {
    const nowMs = this.#timeline.nowMs();
    let bytes = nowMs < this.#backlog.untilMs ? this.#backlog.bytes : 0;
    for (let i = this.#chunks.length - 1; i >= this.#head && this.#chunks[i].departMs > nowMs; i--) {
      bytes += this.#chunks[i].bytes.length;
    }
    return bytes;
  }

  /** What is on its way is gone, and nothing is taken any more. */
  cut(): void {
    this.#open = false;
    this.#chunks = [];
    this.#head = 0;
  }

  due(nowMs: number): void {
    this.#wakeMs = Number.POSITIVE_INFINITY;
    while (this.#head < this.#chunks.length && this.#chunks[this.#head].arriveMs <= nowMs) {
      const { bytes } = this.#chunks[this.#head++];
      this.#deliver(bytes);
    }
    if (this.#head >= GONE) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
    this.#sleep();
  }

  #sleep(): void {
    if (this.#wakeMs !== Number.POSITIVE_INFINITY || this.#head >= this.#chunks.length) return;
    this.#wakeMs = this.#chunks[this.#head].arriveMs;
    this.#timeline.at(this.#wakeMs, this);
  }
}
