import { BundleWriter, type HeardEvent, type SessionRecord } from '@lifeverse/contracts';
import { catalogue, type ErrorCode } from '@lifeverse/protocol';
import type { CellStream, StreamReader } from '@lifeverse/sync/server';
import { zoneOfReader } from './ghosts.ts';

/** Sessions of one gateway whose end is remembered. */
const REMEMBERED_ENDS = 4_096;

/**
 * One gateway as a reader of this zone: the streams it wants by its own small numbers, and the bundle in the making.
 * What it wants is soft state: it says so again, or it is forgotten (WO7).
 */
export class Reader implements StreamReader {
  readonly gateway: string;
  /** The zone that reads this one, when it is no gateway that does. */
  readonly zone: number | null;
  readonly generation: number;
  lastHeardMs: number;
  interestVersion = 0;
  readonly #since: number;
  #sequence: number;
  #heads = new Uint8Array(64);
  #end = 0;
  readonly #streams: (CellStream | null)[] = [];
  /** By session: whether the player left. */
  readonly #ended = new Map<number, boolean>();
  readonly #closed = new Map<number, ErrorCode>();
  readonly #bundle = new BundleWriter();

  /** `tick`: bundles are counted from it, so that a reader forgotten and met again goes on above where it was. */
  constructor(gateway: string, generation: number, tick: number, nowMs: number) {
    this.#since = this.#sequence = tick;
    this.gateway = gateway;
    this.zone = zoneOfReader(gateway);
    this.generation = generation;
    this.lastHeardMs = nowMs;
  }

  section(slot: number, key: boolean, bytes: Uint8Array): void {
    this.#bundle.section(slot, key, bytes);
  }

  head(slot: number, sequence: number): void {
    this.#heads[slot] = sequence & 0xff;
  }

  session(record: SessionRecord): void {
    this.#bundle.session(record);
  }

  /** The zone ends the session: said, and said again when bundles were lost, until the gateway lets go. */
  close(session: number, code: ErrorCode): void {
    this.#closed.set(session, code);
    this.session({ session, ended: catalogue[code].close });
  }

  /** The player is somewhere else now. */
  replace(session: number): void {
    this.close(session, 'session_replaced');
  }

  /** The session's avatar is in another zone. */
  moved(session: number, zone: number, handovers: number): void {
    this.session({ session, moved: { zone, handovers } });
  }

  /** Bundles were lost: the ends in them are said again. */
  resync(): void {
    for (const [session, code] of this.#closed) this.close(session, code);
  }

  /** The gateway has let go of the session: it is told that this was heard, as often as it says so. */
  end(session: number, left: boolean): void {
    this.#closed.delete(session);
    this.#ended.delete(session);
    this.#ended.set(session, left);
    if (this.#ended.size > REMEMBERED_ENDS) this.#ended.delete(this.#ended.keys().next().value as number);
    this.session({ session, ended: catalogue.session_left.close });
  }

  /** What still comes of such a session was overtaken by its end. */
  hasEnded(session: number): boolean {
    return this.#ended.has(session);
  }

  /** How a session ended, as far as it has. */
  endOf(session: number): 'left' | 'lost' | undefined {
    const left = this.#ended.get(session);
    return left === undefined ? undefined : left ? 'left' : 'lost';
  }

  event(event: HeardEvent): void {
    this.#bundle.event(event);
  }

  stream(slot: number): CellStream | null {
    return this.#streams[slot] ?? null;
  }

  want(slot: number, stream: CellStream): void {
    this.drop(slot);
    if (slot >= this.#heads.length) {
      const larger = new Uint8Array(Math.max(slot + 1, this.#heads.length * 2));
      larger.set(this.#heads);
      this.#heads = larger;
    }
    while (this.#streams.length <= slot) this.#streams.push(null);
    this.#streams[slot] = stream;
    this.#end = Math.max(this.#end, slot + 1);
    stream.subscribe(this, slot);
  }

  drop(slot: number): void {
    this.#streams[slot]?.unsubscribe(this);
    if (slot < this.#streams.length) this.#streams[slot] = null;
  }

  dropAll(): void {
    for (let slot = 0; slot < this.#streams.length; slot++) this.drop(slot);
  }

  /** The bundle of this tick, empty streams' heads included. */
  take(zone: number, epoch: number, tick: number, rate: number): Uint8Array {
    this.#sequence++;
    const { generation, interestVersion } = this;
    const since = this.#since;
    const header = { zone, epoch, generation, since, sequence: this.#sequence, tick, rate, interestVersion };
    return this.#bundle.take(header, this.#heads.subarray(0, this.#end));
  }
}
