import { isNearer, type RoundTrips } from './nearness.ts';
import { toldAddresses } from './told-addresses.ts';

export interface AddressPorts {
  /** Of a clock that never goes back. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** One way into the world. */
interface Address {
  readonly url: URL;
  /** By the application: it is never let go, as one that a server told is. */
  readonly given: boolean;
  /** When a server told it last. */
  toldMs: number;
  failures: number;
  failedAtMs: number;
  /** It is left alone until then. */
  readyAtMs: number;
}

const LONGEST_MS = 10_000;
/** A failure that is older says nothing of now. */
const FORGOTTEN_MS = 60_000;
/** What is not told any more may be back soon: a server that is started again, for instance. */
const KEPT_MS = 900_000;

/**
 * The ways into the world, of which one is tried at a time. Each that fails is left alone for a random part of a window
 * that doubles with its own failures (full jitter), while the others stay good.
 */
export class Addresses {
  readonly #ports: AddressPorts;
  #all: Address[];
  #current: Address;
  /** Those that want nothing more of this client, and since when: told again, they are as good as not there. */
  readonly #left = new Map<string, number>();
  #toldMs = Number.NEGATIVE_INFINITY;

  /** The first to be tried is any of them, so that not all begin at the same one. */
  constructor(given: readonly URL[], ports: AddressPorts) {
    this.#ports = ports;
    const byHref = new Map(given.map((url) => [url.href, url]));
    this.#all = [...byHref.values()].map((url) => fresh(url, true));
    const first = this.#oneOf(this.#all);
    if (first === undefined) throw new RangeError('a world is entered by an address: none was given');
    this.#current = first;
  }

  get current(): URL {
    return this.#current.url;
  }

  get size(): number {
    return this.#all.length;
  }

  has({ href }: URL): boolean {
    return this.#all.some(({ url }) => url.href === href);
  }

  /** Some of them, the current one among them. */
  some(most: number): URL[] {
    const others = this.#all.filter((address) => address !== this.#current).map(({ url }) => url);
    // From any of them on.
    const from = Math.floor(this.#ports.random() * others.length);
    return [this.current, ...others.slice(from), ...others.slice(0, from)].slice(0, most);
  }

  /** Begins with any of those that are as near as the nearest; nothing changes while of none it is known. */
  beginNear(trips: RoundTrips): void {
    const nearest = Math.min(...trips.values());
    const near = this.#all.filter(({ url }) => {
      const ms = trips.get(url.href);
      return ms !== undefined && !isNearer(nearest, ms);
    });
    this.#current = this.#oneOf(near) ?? this.#current;
  }

  /** How often the current one has failed since it led in. */
  get failures(): number {
    return this.#failuresOf(this.#current);
  }

  /** Another one could be tried at once that has not failed more often. */
  get hasAlternative(): boolean {
    return this.#ready().some((address) => this.#doubtsOf(address) <= this.failures);
  }

  /** Where else the server of the current one leads to. What was told before comes last, and is let go after a while. */
  told(addresses: readonly string[]): void {
    this.#toldMs = this.#ports.nowMs();
    const known = new Map(this.#all.map((address) => [address.url.href, address]));
    for (const url of toldAddresses(addresses, this.current)) {
      if (this.#wasLeft(url)) continue;
      const address = known.get(url.href) ?? fresh(url, false);
      address.toldMs = this.#toldMs;
      known.set(url.href, address);
    }
    const isKept = (it: Address): boolean => it.given || it === this.#current || this.#toldMs - it.toldMs <= KEPT_MS;
    this.#all = [...known.values()].filter(isKept);
  }

  /**
   * By which to go on while the current one still serves: `wanted` when it leads anywhere and has not just failed, else any
   * other with the fewest failures. Undefined while there is none. `wanted` is kept from then on, as one that was told.
   */
  another(wanted: string): URL | undefined {
    const [url] = toldAddresses([wanted], this.current);
    const named = url === undefined ? undefined : this.#named(url);
    const ready = this.#ready();
    if (named !== undefined && (named === this.#current || ready.includes(named))) return named.url;
    return this.#oneOf(this.#best(ready))?.url;
  }

  /** That one by itself: who asks to go there may be the last to say so, and not be there to be asked again. */
  #named(url: URL): Address {
    const known = this.#all.find((address) => address.url.href === url.href);
    if (known !== undefined) return known;
    const address = { ...fresh(url, false), toldMs: this.#ports.nowMs() };
    this.#all.push(address);
    return address;
  }

  /** It did not lead in, while the current one still serves. */
  anotherFailed(url: URL, firstMs: number): void {
    const address = this.#all.find((each) => each.url.href === url.href);
    if (address !== undefined && address !== this.#current) this.#failed(address, firstMs);
  }

  /** Goes on by that one; the former is left alone for a while, its first window `firstMs` long, or is as good as before: null. */
  moveTo(url: URL, firstMs: number | null): void {
    const known = this.#all.find((address) => address.url.href === url.href);
    if (known !== this.#current && firstMs !== null) this.#failed(this.#current, firstMs);
    const next = known ?? fresh(url, false);
    next.toldMs = Math.max(next.toldMs, this.#toldMs);
    if (known === undefined) this.#all.push(next);
    this.#current = next;
    this.succeeded();
  }

  /** Goes on by that one, unless it leads nowhere or has failed lately: the former is as good as before. */
  prefer(wanted: string): void {
    const [url] = toldAddresses([wanted], this.current);
    const address = url === undefined || this.#wasLeft(url) ? undefined : this.#named(url);
    if (address !== undefined && this.#failuresOf(address) === 0) this.#current = address;
  }

  /** The current one lets in: its failures are forgotten. */
  succeeded(): void {
    this.#current.failures = 0;
  }

  /** The current one did not lead in, or not any more. Its first window is `firstMs` long. */
  failed(firstMs: number): void {
    this.#failed(this.#current, firstMs);
  }

  #failed(address: Address, firstMs: number): void {
    const { nowMs, random } = this.#ports;
    const failures = this.#failuresOf(address);
    address.failures = failures + 1;
    address.failedAtMs = nowMs();
    address.readyAtMs = address.failedAtMs + random() * Math.min(LONGEST_MS, firstMs * 2 ** failures);
  }

  /** The current one wants nothing more of this client, ever. False when there is no other. */
  leave(): boolean {
    if (this.#all.length === 1) return false;
    this.#left.set(this.#current.url.href, this.#ports.nowMs());
    this.#all = this.#all.filter((address) => address !== this.#current);
    this.#current = this.#soonest();
    return true;
  }

  #wasLeft({ href }: URL): boolean {
    const nowMs = this.#ports.nowMs();
    for (const [left, ms] of this.#left) if (nowMs - ms > KEPT_MS) this.#left.delete(left);
    return this.#left.has(href);
  }

  /** How long to leave the current one alone. */
  get waitMs(): number {
    return Math.max(0, this.#current.readyAtMs - this.#ports.nowMs());
  }

  /**
   * Turns to another: to any of those with the fewest failures, within `spreadMs`; while all have to be left alone, to
   * the one that has to be for the shortest time. Returns how long to wait.
   */
  turn(spreadMs: number): number {
    const next = this.#oneOf(this.#best(this.#ready()));
    this.#current = next ?? this.#soonest();
    return next === undefined ? this.waitMs : this.#ports.random() * spreadMs;
  }

  #ready(): Address[] {
    const nowMs = this.#ports.nowMs();
    return this.#all.filter((address) => address !== this.#current && address.readyAtMs <= nowMs);
  }

  #best(among: readonly Address[]): Address[] {
    const least = Math.min(...among.map((address) => this.#doubtsOf(address)));
    return among.filter((address) => this.#doubtsOf(address) === least);
  }

  #soonest(): Address {
    return this.#all.reduce((soonest, address) => (address.readyAtMs < soonest.readyAtMs ? address : soonest));
  }

  #oneOf(addresses: readonly Address[]): Address | undefined {
    return addresses[Math.floor(this.#ports.random() * addresses.length)];
  }

  /** One more for what is not told any more. */
  #doubtsOf(address: Address): number {
    const isTold = address.given || address.toldMs >= this.#toldMs;
    return this.#failuresOf(address) + (isTold ? 0 : 1);
  }

  #failuresOf({ failures, failedAtMs }: Address): number {
    return this.#ports.nowMs() - failedAtMs > FORGOTTEN_MS ? 0 : failures;
  }
}

function fresh(url: URL, given: boolean): Address {
  const never = Number.NEGATIVE_INFINITY;
  return { url, given, toldMs: never, failures: 0, failedAtMs: never, readyAtMs: never };
}
