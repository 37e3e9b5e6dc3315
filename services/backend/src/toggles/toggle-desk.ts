import { createHash } from 'node:crypto';
import {
  evaluateToggle,
  parseToggleDefinition,
  type ToggleContext,
  type ToggleDeclaration,
  type ToggleDefinition,
  type ToggleDetails,
  type TogglesByName,
} from '@lifeverse/contracts';
import type { Database, Sql } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { canonicalJson, type JsonValue } from '../audit/canonical-json.ts';
import { recordAct } from '../audit/record-act.ts';
import { ChangeInvalid } from './change-invalid.ts';
import { addVersion, lockNewest, newestVersions, readVersion, type ToggleVersion, versionsOf } from './toggle-store.ts';

/** Who changes something, and why: kept with the version and in the audit. */
export interface ChangedBy {
  readonly actor: string;
  readonly reason: string;
}

export interface ToggleListing {
  readonly toggle: string;
  readonly declaration: ToggleDeclaration;
  /** Its newest version; null when it never had one. */
  readonly newest: ToggleVersion | null;
  /** What this server goes by: an older version when it cannot take the newest, null for the default. */
  readonly inForce: number | null;
  /** For the world as a whole, now. */
  readonly value: ToggleDetails;
}

export interface ToggleDeskOptions {
  readonly database: Database;
  readonly live: TogglesByName;
  /** Resolves when this server goes by what was just committed. */
  readonly refresh: () => Promise<void>;
}

/** What operators do with toggles. Everything rejects with a LifeverseError of the catalogue, or DatabaseUnreachable. */
export class ToggleDesk {
  readonly #database: Database;
  readonly #live: TogglesByName;
  readonly #refresh: () => Promise<void>;

  constructor({ database, live, refresh }: ToggleDeskOptions) {
    this.#database = database;
    this.#live = live;
    this.#refresh = refresh;
  }

  async list(): Promise<readonly ToggleListing[]> {
    const newest = await newestVersions(this.#database);
    return Object.entries(this.#live.declarations).map(([toggle, declaration]) => ({
      toggle,
      declaration,
      newest: newest.get(toggle) ?? null,
      inForce: this.#live.version(toggle),
      value: this.#live.details(toggle),
    }));
  }

  async history(toggle: string, page: { before?: number; limit: number }): Promise<readonly ToggleVersion[]> {
    this.#declaration(toggle);
    return versionsOf(this.#database, toggle, page);
  }

  /**
   * Puts a definition into force; null brings the declared default back. `basedOn`: the version that was looked at, null
   * for none; another one in force by now is a conflict. Left out: whatever is there is replaced.
   */
  async set(toggle: string, definition: unknown, by: ChangedBy, basedOn?: number | null): Promise<ToggleVersion> {
    const parsed = definition === null ? null : this.#parsed(toggle, definition);
    this.#declaration(toggle);
    return this.#change(toggle, by, async (_, newest) => {
      if (basedOn !== undefined && basedOn !== (newest?.version ?? null))
        throw new LifeverseError('change_conflict', `version ${newest?.version ?? 'none'} is in force`);
      return { definition: parsed, act: 'toggle.set', detail: {} };
    });
  }

  /** Puts a former version into force again, as a new one. */
  async revert(toggle: string, version: number, by: ChangedBy): Promise<ToggleVersion> {
    this.#declaration(toggle);
    return this.#change(toggle, by, async (sql) => {
      const former = await readVersion(sql, toggle, version);
      if (former === null) throw new LifeverseError('setting_unknown', `version ${version}`);
      const definition = former.definition === null ? null : this.#parsed(toggle, former.definition);
      return { definition, act: 'toggle.revert', detail: { to: version } };
    });
  }

  /** What somebody would get: of the definition in force or of another one, now or at another time. */
  preview(toggle: string, context: ToggleContext, what: { definition?: unknown; atMs?: number } = {}): ToggleDetails {
    const declaration = this.#declaration(toggle);
    const { definition = this.#live.definition(toggle), atMs = this.#live.nowMs() } = what;
    const parsed = definition === null ? null : this.#parsed(toggle, definition);
    return evaluateToggle(toggle, declaration, parsed, context, atMs);
  }

  async #change(
    toggle: string,
    by: ChangedBy,
    decide: (sql: Sql, newest: ToggleVersion | null) => Promise<Decided>,
  ): Promise<ToggleVersion> {
    const version = await this.#database.transaction(async (sql) => {
      const newest = await lockNewest(sql, toggle);
      const { definition, act, detail } = await decide(sql, newest);
      const added = await addVersion(sql, toggle, definition, by);
      const versions = { from: newest?.version ?? null, version: added.version, sha256: hashOf(definition) };
      await recordAct(sql, { ...by, act, subject: `toggle:${toggle}`, detail: { ...detail, ...versions } });
      return added;
    });
    await this.#refresh();
    return version;
  }

  #declaration(toggle: string): ToggleDeclaration {
    if (!this.#live.has(toggle)) throw new LifeverseError('setting_unknown');
    return this.#live.declarations[toggle] as ToggleDeclaration;
  }

  #parsed(toggle: string, definition: unknown): ToggleDefinition {
    const parsed = parseToggleDefinition(this.#declaration(toggle), definition);
    if (!parsed.ok) throw new ChangeInvalid(parsed.faults);
    return parsed.definition;
  }
}

interface Decided {
  readonly definition: ToggleDefinition | null;
  readonly act: string;
  readonly detail: { readonly [key: string]: JsonValue };
}

/** So that a version that was edited later does not pass for what was audited. */
function hashOf(definition: ToggleDefinition | null): string {
  return createHash('sha256')
    .update(canonicalJson(definition as unknown as JsonValue))
    .digest('hex');
}
