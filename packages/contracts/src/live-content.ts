import { type BodyOf, type Clock, type ContentDeclarations, type Fault, parseContent } from '@lifeverse/base';
import { type Bus, subjects } from './bus.ts';
import { type ContentSet, decodeContentSet } from './content-set.ts';

export interface RefusedContent {
  readonly document: string;
  readonly version: number;
  readonly faults: readonly Fault[];
}

interface InForce {
  readonly version: number;
  readonly body: unknown;
}

/** A world's documents as they stand now, for who has their names from outside; `has` comes first. */
export interface ContentByName {
  readonly declarations: ContentDeclarations;
  has(document: string): boolean;
  get(document: string): unknown;
  version(document: string): number | null;
}

/**
 * A world's documents as they stand now; what a source (the database, the bus) says last replaces them. What it says
 * wrongly, and everything when it is silent, stays as it was.
 */
export class LiveContent<D extends ContentDeclarations> implements ContentByName {
  readonly declarations: D;
  readonly #inForce = new Map<string, InForce>();
  readonly #refused = new Map<string, number>();
  readonly #listeners = new Set<(changed: readonly string[]) => void>();
  #revision = 0;

  constructor(declarations: D) {
    this.declarations = declarations;
  }

  get<Name extends keyof D & string>(document: Name): BodyOf<D[Name]> {
    const body = this.#inForce.get(document)?.body ?? (this.declarations[document] as D[Name]).initial;
    return body as BodyOf<D[Name]>;
  }

  /** Null: what was declared at first. */
  version(document: string): number | null {
    return this.#inForce.get(document)?.version ?? null;
  }

  has(document: string): document is keyof D & string {
    return Object.hasOwn(this.declarations, document);
  }

  /** Takes what a source says. Returns the versions that are refused, each told once. */
  replace(set: ContentSet): readonly RefusedContent[] {
    this.#revision = set.revision;
    const said = new Map(set.documents.map((each) => [each.document, each]));
    const changed: string[] = [];
    const refused: RefusedContent[] = [];
    for (const [document, declaration] of Object.entries(this.declarations)) {
      const now = said.get(document);
      if (now === undefined) {
        if (this.#inForce.delete(document)) changed.push(document);
      } else if (now.version !== this.version(document) && now.version !== this.#refused.get(document)) {
        const parsed = parseContent(declaration, now.body);
        if (parsed.ok) {
          this.#inForce.set(document, { version: now.version, body: parsed.value });
          changed.push(document);
        } else {
          this.#refused.set(document, now.version);
          refused.push({ document, version: now.version, faults: parsed.faults });
        }
      }
    }
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
    return refused;
  }

  /** What stands here now, to be said to others. */
  snapshot(): ContentSet {
    const documents = [...this.#inForce].map(([document, { version, body }]) => ({ document, version, body }));
    return { revision: this.#revision, documents };
  }

  /** Calls with the names of documents that are other than before. Returns what ends it. */
  onChange(listener: (changed: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export interface ContentFollowing<D extends ContentDeclarations> {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly live: LiveContent<D>;
  /** Told once for each version that this process cannot take. */
  refused?(content: RefusedContent): void;
}

/** Two backends agree within seconds; a lower revision that lasts longer is a database that was set back. */
const SET_BACK_MS = 30_000;

/** For processes without a database: documents as the backends say them on the bus. Returns what ends it. */
export function followContent<D extends ContentDeclarations>(following: ContentFollowing<D>): () => void {
  const { bus, clock, live } = following;
  let revision = 0;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  return bus.subscribe(subjects.content, (bytes) => {
    const set = decodeContentSet(bytes);
    const nowMs = clock.nowMs();
    if (set === undefined || (set.revision < revision && nowMs - heardAtMs < SET_BACK_MS)) return;
    revision = set.revision;
    heardAtMs = nowMs;
    for (const content of live.replace(set)) following.refused?.(content);
  });
}
