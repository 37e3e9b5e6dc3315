import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CheckpointRecord,
  type DeskOutcome,
  type DeskRequest,
  decodeCheckpoints,
  encodeVerdicts,
  type Verdict,
} from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable, type Sql } from '@lifeverse/node-kit';
import { isCharacterId } from './character-id.ts';
import type { Freezer } from './freezer.ts';

export interface CheckpointWriterOptions {
  readonly database: Database;
  readonly freezer: Freezer;
  /** A save was refused: the character is frozen from now on. */
  refused(character: string, why: string): void;
  /** How long an unknown outcome may take to become known before the characters are frozen. */
  readonly graceMs: number;
  /** How often it is looked for meanwhile. */
  readonly retryMs: number;
  readonly stopped: AbortSignal;
}

type Owner = Pick<DeskRequest, 'zone' | 'epoch'>;

/** The zone has another owner by now. */
class Replaced extends Error {}
/** The commit was sent, and no answer came. */
class OutcomeUnknown extends Error {}

const WRITE = `
  WITH given AS (
    SELECT * FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bool[], $8::int[], $9::int[],
      $10::bytea[]) AS g(character, incarnation, handovers, tick, leaves, x_mm, y_mm, kept)),
  written AS (
    INSERT INTO checkpoints AS c (character, zone, epoch, incarnation, handovers, tick, in_world, x_mm, y_mm, kept)
      SELECT g.character, $1, $2, g.incarnation, g.handovers, g.tick, NOT g.leaves, g.x_mm, g.y_mm, g.kept
      FROM given g JOIN characters p ON p.id = g.character WHERE p.frozen_at IS NULL ORDER BY g.character
    ON CONFLICT (character) DO UPDATE SET zone = excluded.zone, epoch = excluded.epoch, tick = excluded.tick,
        incarnation = greatest(c.incarnation, excluded.incarnation), handovers = excluded.handovers,
        in_world = excluded.in_world, x_mm = excluded.x_mm, y_mm = excluded.y_mm,
        kept = excluded.kept, saved_at = now()
      WHERE (c.handovers, c.epoch, c.tick) < (excluded.handovers, excluded.epoch, excluded.tick)
    RETURNING character)
  SELECT g.character, w.character IS NOT NULL AS written, p.id IS NOT NULL AND p.frozen_at IS NULL AS playable
  FROM given g LEFT JOIN written w USING (character) LEFT JOIN characters p ON p.id = g.character`;

/**
 * Writes checkpoints, a batch in one transaction. One that the database refuses is found, and its character frozen; the
 * others are written without it. After a commit that was not answered, the same is written again until it is known to
 * stand: the second time changes nothing.
 */
export class CheckpointWriter {
  readonly #options: CheckpointWriterOptions;

  constructor(options: CheckpointWriterOptions) {
    this.#options = options;
  }

  async write(request: DeskRequest): Promise<DeskOutcome> {
    const records = decodeCheckpoints(request.body);
    if (records === undefined) return { kind: 'refused', code: 'malformed_message' };
    const newest = new Map<string, CheckpointRecord>();
    for (const record of records)
      if (isCharacterId(record.character) && !isLater(newest.get(record.character), record))
        newest.set(record.character, record);
    let verdicts: ReadonlyMap<string, Verdict>;
    try {
      await this.#options.freezer.settle();
      verdicts = await this.#written(request, [...newest.values()]);
    } catch (error) {
      if (error instanceof Replaced) return { kind: 'refused', code: 'zone_replaced' };
      throw error;
    }
    const verdictOf = (record: CheckpointRecord): Verdict => {
      const verdict = verdicts.get(record.character) ?? 'refused';
      return newest.get(record.character) !== record && verdict === 'saved' ? 'superseded' : verdict;
    };
    return { kind: 'done', body: encodeVerdicts(records.map(verdictOf)) };
  }

  async #written(owner: Owner, records: readonly CheckpointRecord[]): Promise<ReadonlyMap<string, Verdict>> {
    if (records.length === 0) return new Map();
    try {
      return await this.#transaction(owner, records);
    } catch (error) {
      if (error instanceof OutcomeUnknown) return await this.#known(owner, records);
      if (error instanceof DatabaseUnreachable || error instanceof Replaced) throw error;
      return await this.#part(owner, records, error);
    }
  }

  /** The database refuses something in here: it is looked for by halves. */
  async #part(owner: Owner, records: readonly CheckpointRecord[], error: unknown): Promise<Map<string, Verdict>> {
    const [only] = records;
    if (only !== undefined && records.length === 1) {
      const why = error instanceof Error ? error.message : String(error);
      await this.#options.freezer.refuse(only.character, why);
      this.#options.refused(only.character, why);
      return new Map([[only.character, 'refused']]);
    }
    const half = records.length >> 1;
    const first = await this.#written(owner, records.slice(0, half));
    return new Map([...first, ...(await this.#written(owner, records.slice(half)))]);
  }

  async #transaction(owner: Owner, records: readonly CheckpointRecord[]): Promise<Map<string, Verdict>> {
    let commits = false;
    try {
      return await this.#options.database.transaction(async (sql) => {
        commits = false;
        const verdicts = await statement(sql, owner, records);
        commits = true;
        return verdicts;
      });
    } catch (error) {
      if (commits && error instanceof DatabaseUnreachable) throw new OutcomeUnknown(error.message, { cause: error });
      throw error;
    }
  }

  /** Until the outcome is known; longer than the grace, and the characters are frozen meanwhile. */
  async #known(owner: Owner, records: readonly CheckpointRecord[]): Promise<ReadonlyMap<string, Verdict>> {
    const { freezer, graceMs, stopped } = this.#options;
    const characters = records.map(({ character }) => character);
    freezer.unknown(characters);
    const resolved = this.#resolve(owner, records).finally(() => freezer.known(characters));
    // Whoever waits for it no longer hears of it.
    resolved.catch(() => undefined);
    const patience = sleep(graceMs, 'unknown' as const, { signal: stopped, ref: false });
    const first = await Promise.race([resolved, patience.catch(() => 'unknown' as const)]);
    return first === 'unknown' ? new Map(characters.map((character) => [character, 'unknown'])) : first;
  }

  async #resolve(owner: Owner, records: readonly CheckpointRecord[]): Promise<ReadonlyMap<string, Verdict>> {
    const { retryMs, stopped } = this.#options;
    for (;;) {
      try {
        return await this.#transaction(owner, records);
      } catch (error) {
        const undecided = error instanceof OutcomeUnknown || error instanceof DatabaseUnreachable;
        if (error instanceof Replaced) throw error;
        if (!undecided) return await this.#part(owner, records, error);
      }
      await sleep(retryMs, undefined, { signal: stopped, ref: false });
    }
  }
}

/** Of two checkpoints of one owner. */
function isLater(one: CheckpointRecord | undefined, other: CheckpointRecord): boolean {
  if (one === undefined || one.handovers !== other.handovers) return (one?.handovers ?? -1) > other.handovers;
  return one.tick > other.tick;
}

async function statement(
  sql: Sql,
  { zone, epoch }: Owner,
  records: readonly CheckpointRecord[],
): Promise<Map<string, Verdict>> {
  const [owner] = await sql.query<{ epoch: bigint }>('SELECT epoch FROM zone_epochs WHERE zone = $1 FOR SHARE', [zone]);
  if (owner === undefined || Number(owner.epoch) !== epoch) throw new Replaced(`zone ${zone} has another owner`);
  const column = <T>(of: (record: CheckpointRecord) => T): T[] => records.map(of);
  const rows = await sql.query<{ character: string; written: boolean; playable: boolean }>(WRITE, [
    zone,
    epoch,
    column(({ character }) => character),
    column(({ incarnation }) => incarnation),
    column(({ handovers }) => handovers),
    column(({ tick }) => tick),
    column(({ leaves }) => leaves),
    column(({ xMm }) => xMm),
    column(({ yMm }) => yMm),
    column(({ kept }) => Buffer.from(kept)),
  ]);
  return new Map(
    rows.map(({ character, written, playable }) => [
      character,
      written ? 'saved' : playable ? 'superseded' : 'refused',
    ]),
  );
}
