import { type Bundle, decodeBundle, decodeOwnershipNotice, type OwnedNotice } from '@lifeverse/contracts';

/** Who spoke for a zone, by one epoch. */
export interface Owner {
  readonly zone: number;
  readonly epoch: number;
  /** Null: none has said of itself that it is. */
  readonly server: string | null;
  /** Of its bundles, to any gateway. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly bundles: number;
}

/** A bundle of an owner after one of a later epoch was heard. */
export interface Stray {
  readonly zone: number;
  readonly epoch: number;
  /** The highest that was heard by then. */
  readonly newest: number;
  readonly atMs: number;
  /** What of it no other message has: a gateway passes these bytes on as they are. */
  readonly pieces: readonly Uint8Array[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Shorter ones may be anybody's. */
const PIECE_BYTES = 10;

/** What is heard on the bus of who owns which zone, kept by who has nothing to do with any of it. */
export class OwnerLog {
  readonly #owners = new Map<number, Writable<Owner>[]>();
  readonly #notices = new Map<string, readonly OwnedNotice[]>();
  readonly #servers = new Map<number, string>();
  readonly strays: Stray[] = [];

  bundle(bytes: Uint8Array, atMs: number): void {
    const bundle = decodeBundle(bytes);
    if (bundle === undefined) return;
    const { zone, epoch } = bundle;
    const owners = this.#owners.get(zone) ?? [];
    this.#owners.set(zone, owners);
    const newest = owners.reduce((most, owner) => Math.max(most, owner.epoch), 0);
    if (epoch < newest) this.strays.push({ zone, epoch, newest, atMs, pieces: piecesOf(bundle) });
    const owner = owners.find((one) => one.epoch === epoch);
    if (owner === undefined) owners.push({ zone, epoch, server: null, firstMs: atMs, lastMs: atMs, bundles: 1 });
    else {
      owner.lastMs = atMs;
      owner.bundles++;
    }
  }

  notice(bytes: Uint8Array): void {
    const notice = decodeOwnershipNotice(bytes);
    if (notice === undefined) return;
    this.#notices.set(notice.server, notice.zones);
    for (const { epoch } of notice.zones) this.#servers.set(epoch, notice.server);
  }

  /** Of every zone, in the order in which they were first heard. No two have the same epoch. */
  get owners(): Owner[] {
    const all = [...this.#owners.values()].flat();
    return all.map((owner) => ({ ...owner, server: this.#servers.get(owner.epoch) ?? null }));
  }

  /** The one with the highest epoch; undefined for a zone of which nothing was heard. */
  ownerOf(zone: number): Owner | undefined {
    return this.owners.filter((owner) => owner.zone === zone).toSorted((a, b) => b.epoch - a.epoch)[0];
  }

  /** What each server said last of its zones. */
  get servers(): ReadonlyMap<string, readonly OwnedNotice[]> {
    return this.#notices;
  }
}

function piecesOf({ bytes, sections, sessions }: Bundle): Uint8Array[] {
  // A keyframe may be told alike by the next owner.
  const changes = sections.filter(({ key }) => !key).map(({ start, end }) => bytes.slice(start, end));
  const bodies = sessions.flatMap(({ body }) => (body === undefined ? [] : [body.slice()]));
  return [...bodies, ...changes].filter(({ length }) => length >= PIECE_BYTES);
}
