import type { GatewayNotice } from '@lifeverse/contracts';

/** Who was not heard for so long, while others were, is not there. */
const THERE_MS = 5_000;
/** A page that was loaded from a gateway may come by another one for so long after that one was heard last. */
const REMEMBERED_MS = 86_400_000;
const MOST = 64;

interface Known {
  heardMs: number;
  region: string;
  players: number;
  /** Those that say that they are found there, by name: one that leaves, and its successor, say the same. */
  readonly speakers: Map<string, number>;
}

/**
 * The gateways of the world, as players find them: origins. Those that are there are told to players; the pages of all that
 * are remembered are let in, and may speak with all of these, since a page outlives the gateway that it came from.
 */
export class KnownGateways {
  /** This one hands its players over: nobody is to be told of it. */
  leaves = false;
  readonly #all = new Map<string, Known>();
  readonly #name: string;
  #own: string | null = null;
  #newestMs = Number.NEGATIVE_INFINITY;
  #remembered: readonly string[] = [];

  /** `name`: of this gateway. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Where players find this one. */
  isAt(own: string): void {
    this.#own = own;
    this.#list();
  }

  /** True when it was not known. */
  heard({ address, name, leaves, region, players }: GatewayNotice, nowMs: number): boolean {
    const isNew = !this.#all.has(address);
    if (isNew && this.#all.size >= MOST) return false;
    const known = this.#all.get(address) ?? { heardMs: nowMs, region, players, speakers: new Map() };
    this.#all.set(address, known);
    known.heardMs = this.#newestMs = nowMs;
    if (!leaves) Object.assign(known, { region, players });
    for (const [speaker, ms] of known.speakers) if (nowMs - ms > THERE_MS) known.speakers.delete(speaker);
    if (leaves) known.speakers.delete(name);
    else known.speakers.set(name, nowMs);
    const forgotten = [...this.#all].filter(([, { heardMs }]) => nowMs - heardMs > REMEMBERED_MS);
    for (const [gone] of forgotten) this.#all.delete(gone);
    if (isNew || forgotten.length > 0) this.#list();
    return isNew;
  }

  /** Those that were heard lately. While nobody is heard, nothing is known to have changed. */
  get there(): readonly string[] {
    return this.#remembered.filter((address) => this.#isOwn(address) || this.#hasOther(address));
  }

  /** Of those, the ones by which players get to another gateway than this one. */
  get others(): readonly string[] {
    return this.#remembered.filter((address) => this.#hasOther(address));
  }

  /** Of the others those in that region; all of them where there is none. */
  othersIn(region: string): readonly string[] {
    const { others } = this;
    const near = others.filter((address) => this.#all.get(address)?.region === region);
    return near.length > 0 ? near : others;
  }

  /**
   * Of those addresses the one by which players are best served: in this gateway's region, and with the fewest players. Null: it is
   * this one's, or none of them is there.
   */
  better(homes: readonly string[], region: string): string | null {
    // One that nobody is told of is no home, and not to be emptied.
    if (this.#own === null || (homes.includes(this.#own) && !this.leaves)) return null;
    const there = homes.filter((address) => this.#hasOther(address) && this.#all.get(address)?.region === region);
    const players = (address: string): number => this.#all.get(address)?.players ?? 0;
    return there.reduce<string | null>(
      (best, address) => (best === null || players(address) < players(best) ? address : best),
      null,
    );
  }

  /** All within a day; the same object until they change. */
  get remembered(): readonly string[] {
    return this.#remembered;
  }

  has(origin: string): boolean {
    return origin === this.#own || this.#all.has(origin);
  }

  #isOwn(address: string): boolean {
    return address === this.#own && !this.leaves;
  }

  #hasOther(address: string): boolean {
    for (const [name, ms] of this.#all.get(address)?.speakers ?? [])
      if (name !== this.#name && this.#newestMs - ms <= THERE_MS) return true;
    return false;
  }

  #list(): void {
    const heard = [...this.#all.keys()].filter((address) => address !== this.#own);
    this.#remembered = this.#own === null ? heard : [this.#own, ...heard];
  }
}
