import type { SessionChange, SessionInfo } from '@lifeverse/contracts';

interface Entry {
  readonly info: SessionInfo;
  readonly untilMs: number;
}

/**
 * Sessions that were asked for lately, by the hash of their token. Holds nothing while it is shut, which is how it
 * begins: an ending that cannot be heard of must not be missed.
 */
export class SessionCache {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry>();
  readonly #ofPlayer = new Map<string, Set<string>>();
  #open = false;
  #moment = 0;

  constructor(capacity = 50_000) {
    this.#capacity = capacity;
  }

  /** Rises with everything heard: an answer that was asked for before may be older than what was heard. */
  get moment(): number {
    return this.#moment;
  }

  get(key: string, nowMs: number): SessionInfo | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.untilMs > nowMs) return entry?.info;
    this.#remove(key, entry);
    return undefined;
  }

  /** `asked`: the moment at which the database was asked. */
  put(key: string, info: SessionInfo, { asked, untilMs }: { asked: number; untilMs: number }): void {
    if (!this.#open || asked !== this.#moment) return;
    this.#entries.delete(key);
    this.#entries.set(key, { info, untilMs });
    this.#ofPlayer.set(info.player, (this.#ofPlayer.get(info.player) ?? new Set()).add(key));
    if (this.#entries.size <= this.#capacity) return;
    const [oldest] = this.#entries;
    if (oldest !== undefined) this.#remove(...oldest);
  }

  forget({ player, session }: SessionChange): void {
    this.#moment++;
    for (const key of [...(this.#ofPlayer.get(player) ?? [])]) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && (session === undefined || entry.info.session === session)) this.#remove(key, entry);
    }
  }

  open(): void {
    this.shut();
    this.#open = true;
  }

  shut(): void {
    this.#moment++;
    this.#entries.clear();
    this.#ofPlayer.clear();
    this.#open = false;
  }

  #remove(key: string, { info }: Entry): void {
    this.#entries.delete(key);
    const keys = this.#ofPlayer.get(info.player);
    keys?.delete(key);
    if (keys?.size === 0) this.#ofPlayer.delete(info.player);
  }
}
