import { createHash } from 'node:crypto';
import { type ContentDeclaration, parseContent, type Shape } from '@lifeverse/base';
import type { ContentByName } from '@lifeverse/contracts';
import type { Database, Sql } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { canonicalJson, type JsonValue } from '../audit/canonical-json.ts';
import { recordAct } from '../audit/record-act.ts';
import { ChangeInvalid } from '../toggles/change-invalid.ts';
import type { ChangedBy } from '../toggles/toggle-desk.ts';
import {
  addContent,
  type ContentVersion,
  type ContentVersionBody,
  contentVersions,
  lockInForce,
  markRefused,
  putInForce,
  readContent,
} from './content-store.ts';

export interface ContentListing {
  readonly document: string;
  readonly sentence: string;
  /** What a body must look like. */
  readonly shape: Shape;
  /** What this server goes by: null for what was declared at first. */
  readonly inForce: number | null;
  readonly body: unknown;
}

export interface ContentDeskOptions {
  readonly database: Database;
  readonly live: ContentByName;
  /** Resolves when this server goes by what was just committed. */
  readonly refresh: () => Promise<void>;
}

const BODY_BYTES_MAX = 262_144;

/** What operators do with content. Everything rejects with a LifeverseError of the catalogue, or DatabaseUnreachable. */
export class ContentDesk {
  readonly #database: Database;
  readonly #live: ContentByName;
  readonly #refresh: () => Promise<void>;

  constructor({ database, live, refresh }: ContentDeskOptions) {
    this.#database = database;
    this.#live = live;
    this.#refresh = refresh;
  }

  list(): readonly ContentListing[] {
    return Object.entries(this.#live.declarations).map(([document, { sentence, shape }]) => ({
      document,
      sentence,
      shape,
      inForce: this.#live.version(document),
      body: this.#live.get(document),
    }));
  }

  async history(document: string, page: { before?: number; limit: number }): Promise<readonly ContentVersion[]> {
    this.#declaration(document);
    return contentVersions(this.#database, document, page);
  }

  async version(document: string, version: number): Promise<ContentVersionBody> {
    this.#declaration(document);
    return known(await readContent(this.#database, document, version), version);
  }

  /** Keeps a body, to be looked at and put into force later. Nothing in the world changes. */
  async stage(document: string, body: unknown, by: ChangedBy): Promise<ContentVersion> {
    const text = this.#checked(document, body);
    return this.#database.transaction(async (sql) => {
      const staged = await addContent(sql, document, text, by);
      await audited(sql, 'content.stage', document, by, { version: staged.version, sha256: hashOf(text) });
      return staged;
    });
  }

  /**
   * Puts a staged version into force. `basedOn`: the version in force that was looked at, null for none; another one by
   * now is a conflict. One that the world would not take any more is marked as refused, and what is in force stays.
   */
  async enforce(document: string, version: number, by: ChangedBy, basedOn?: number | null): Promise<ContentVersion> {
    this.#declaration(document);
    const enforced = await this.#database.transaction(async (sql) => {
      const from = await lockInForce(sql, document);
      const staged = known(await readContent(sql, document, version), version);
      if (basedOn !== undefined && basedOn !== from)
        throw new LifeverseError('change_conflict', `version ${from ?? 'none'} is in force`);
      if (staged.state !== 'staged')
        throw new LifeverseError('change_conflict', `version ${version} is ${staged.state}`);
      const sha256 = this.#hashIfGood(document, staged.body);
      if (typeof sha256 !== 'string') {
        await markRefused(sql, document, version);
        await audited(sql, 'content.refuse', document, by, { version });
        return sha256;
      }
      const inForce = await putInForce(sql, document, version);
      await audited(sql, 'content.enforce', document, by, { from, version, sha256 });
      return inForce;
    });
    if (enforced instanceof ChangeInvalid) throw enforced;
    await this.#refresh();
    return enforced;
  }

  /** Puts a former version into force again, as a new one. */
  async revert(document: string, version: number, by: ChangedBy): Promise<ContentVersion> {
    this.#declaration(document);
    const reverted = await this.#database.transaction(async (sql) => {
      const from = await lockInForce(sql, document);
      const former = known(await readContent(sql, document, version), version);
      if (former.state !== 'former')
        throw new LifeverseError('change_conflict', `version ${version} is ${former.state}`);
      const text = this.#checked(document, former.body);
      const added = await addContent(sql, document, text, by);
      const inForce = await putInForce(sql, document, added.version);
      const detail = { to: version, from, version: added.version, sha256: hashOf(text) };
      await audited(sql, 'content.revert', document, by, detail);
      return inForce;
    });
    await this.#refresh();
    return reverted;
  }

  #declaration(document: string): ContentDeclaration {
    if (!this.#live.has(document)) throw new LifeverseError('setting_unknown');
    return this.#live.declarations[document] as ContentDeclaration;
  }

  /** The body as canonical JSON, made anew of nothing but what its shape knows. */
  #checked(document: string, body: unknown): string {
    const parsed = parseContent(this.#declaration(document), body);
    if (!parsed.ok) throw new ChangeInvalid(parsed.faults);
    const text = canonicalJson(parsed.value as JsonValue);
    if (Buffer.byteLength(text) <= BODY_BYTES_MAX) return text;
    throw new ChangeInvalid([{ at: '', why: `must be at most ${BODY_BYTES_MAX} bytes of JSON` }]);
  }

  #hashIfGood(document: string, body: unknown): string | ChangeInvalid {
    try {
      return hashOf(this.#checked(document, body));
    } catch (error) {
      if (error instanceof ChangeInvalid) return error;
      throw error;
    }
  }
}

function known(version: ContentVersionBody | null, number: number): ContentVersionBody {
  if (version === null) throw new LifeverseError('setting_unknown', `version ${number}`);
  return version;
}

async function audited(
  sql: Sql,
  act: string,
  document: string,
  by: ChangedBy,
  detail: { readonly [key: string]: JsonValue },
): Promise<void> {
  await recordAct(sql, { ...by, act, subject: `content:${document}`, detail });
}

/** So that a version that was edited later does not pass for what was audited. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
