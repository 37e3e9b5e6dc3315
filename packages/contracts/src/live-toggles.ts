import type { Clock, Fault } from '@lifeverse/base';
import { parseToggleDefinition, type ToggleDefinition } from './toggle-definition.ts';
import { evaluateToggle, type ToggleContext, type ToggleDetails } from './toggle-evaluation.ts';
import type { ToggleSet } from './toggle-set.ts';
import { type ToggleDeclarations, toggles, type ValueOf } from './toggles.ts';

export interface RefusedToggle {
  readonly toggle: string;
  readonly version: number;
  readonly faults: readonly Fault[];
}

interface InForce {
  readonly version: number;
  readonly definition: ToggleDefinition;
}

/** Toggles as they stand now, for who has their names from outside; `has` comes first. */
export interface TogglesByName {
  readonly declarations: ToggleDeclarations;
  has(name: string): boolean;
  details(name: string, context?: ToggleContext): ToggleDetails;
  version(name: string): number | null;
  definition(name: string): ToggleDefinition | null;
  nowMs(): number;
  onChange(listener: (changed: readonly string[]) => void): () => void;
}

/**
 * The toggles as they stand now, for whoever asks; what a source (the database, the bus) says last replaces them. What
 * it says wrongly, and everything when it is silent, stays as it was.
 */
export class LiveToggles<D extends ToggleDeclarations = typeof toggles> implements TogglesByName {
  readonly declarations: D;
  readonly #clock: Clock;
  readonly #inForce = new Map<string, InForce>();
  readonly #refused = new Map<string, number>();
  readonly #listeners = new Set<(changed: readonly string[]) => void>();
  #timeOffsetMs = 0;
  #revision = 0;

  constructor(clock: Clock, declarations: D = toggles as unknown as D) {
    this.#clock = clock;
    this.declarations = declarations;
  }

  /** The value for this player, or of the whole world when nobody is named. */
  get<Name extends keyof D & string>(name: Name, context: ToggleContext = {}): ValueOf<D[Name]> {
    return this.details(name, context).value as ValueOf<D[Name]>;
  }

  details(name: keyof D & string, context: ToggleContext = {}): ToggleDetails {
    const declaration = this.declarations[name] as D[string];
    return evaluateToggle(name, declaration, this.#inForce.get(name)?.definition ?? null, context, this.nowMs());
  }

  /** Null: the declared default. */
  version(name: keyof D & string): number | null {
    return this.#inForce.get(name)?.version ?? null;
  }

  definition(name: keyof D & string): ToggleDefinition | null {
    return this.#inForce.get(name)?.definition ?? null;
  }

  /** The server's time as it was last told, gone on by the clock: milliseconds since 1970. */
  nowMs(): number {
    return this.#timeOffsetMs + this.#clock.nowMs();
  }

  has(name: string): name is keyof D & string {
    return Object.hasOwn(this.declarations, name);
  }

  /** Takes what a source says. Returns the versions that are refused, each told once. */
  replace(set: ToggleSet): readonly RefusedToggle[] {
    this.#timeOffsetMs = set.atMs - this.#clock.nowMs();
    this.#revision = set.revision;
    const said = new Map(set.toggles.map((each) => [each.toggle, each]));
    const changed: string[] = [];
    const refused: RefusedToggle[] = [];
    for (const [name, declaration] of Object.entries(this.declarations)) {
      const now = said.get(name);
      const before = this.#inForce.get(name);
      if (now === undefined) {
        if (this.#inForce.delete(name)) changed.push(name);
      } else if (now.version !== before?.version && now.version !== this.#refused.get(name)) {
        const parsed = parseToggleDefinition(declaration, now.definition);
        if (parsed.ok) {
          this.#inForce.set(name, { version: now.version, definition: parsed.definition });
          changed.push(name);
        } else {
          this.#refused.set(name, now.version);
          refused.push({ toggle: name, version: now.version, faults: parsed.faults });
        }
      }
    }
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
    return refused;
  }

  /** What stands here now, to be said to others. */
  snapshot(): ToggleSet {
    const inForce = [...this.#inForce].map(([toggle, { version, definition }]) => ({ toggle, version, definition }));
    return { revision: this.#revision, atMs: Math.max(0, Math.floor(this.nowMs())), toggles: inForce };
  }

  /** Calls with the names of toggles that have another definition. Returns what ends it. */
  onChange(listener: (changed: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
