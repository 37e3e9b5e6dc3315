import {
  type DeskOutcome,
  type DeskRequest,
  decodeLoad,
  encodeStored,
  type StoredCharacter,
} from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { isCharacterId } from './character-id.ts';
import type { Freezer } from './freezer.ts';

interface Row {
  readonly id: string;
  readonly frozen: boolean;
  readonly stood: bigint | null;
  readonly handovers: bigint | null;
  readonly in_world: boolean | null;
  readonly zone: bigint | null;
  readonly x_mm: number | null;
  readonly y_mm: number | null;
  readonly kept: Uint8Array | null;
}

interface Wanted {
  readonly character: string;
  readonly zone: number;
  readonly epoch: number;
  readonly resolve: (outcome: DeskOutcome) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 512;

const neverStood: StoredCharacter = { incarnation: 0, handovers: 0, zone: null, checkpoint: null };

/** Loads characters: whatever was asked for while the last question was on its way is the next question. */
export class CharacterLoads {
  readonly #database: Database;
  readonly #freezer: Freezer;
  #wanted: Wanted[] = [];
  #asking = false;

  constructor(database: Database, freezer: Freezer) {
    this.#database = database;
    this.#freezer = freezer;
  }

  load({ zone, epoch, body }: DeskRequest): Promise<DeskOutcome> {
    const character = decodeLoad(body);
    if (character === undefined) return Promise.resolve({ kind: 'refused', code: 'malformed_message' });
    if (!isCharacterId(character)) return Promise.resolve({ kind: 'refused', code: 'character_unknown' });
    return new Promise((resolve, reject) => {
      this.#wanted.push({ character, zone, epoch, resolve, reject });
      if (!this.#asking) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#asking = true;
    while (this.#wanted.length > 0) {
      const batch = this.#wanted.splice(0, MOST_AT_ONCE);
      try {
        const outcomes = await this.#ask(batch);
        for (const wanted of batch) wanted.resolve(outcomes(wanted));
      } catch (error) {
        for (const wanted of batch) wanted.reject(error);
      }
    }
    this.#asking = false;
  }

  async #ask(batch: readonly Wanted[]): Promise<(wanted: Wanted) => DeskOutcome> {
    const ids = [...new Set(batch.map(({ character }) => character))];
    const zones = [...new Set(batch.map(({ zone }) => zone))];
    const [rows, epochs] = await Promise.all([
      this.#database.query<Row>(
        `SELECT c.id, c.frozen_at IS NOT NULL AS frozen, k.incarnation AS stood, k.handovers, k.in_world, k.zone, k.x_mm,
           k.y_mm, k.kept
         FROM characters c LEFT JOIN checkpoints k ON k.character = c.id WHERE c.id = ANY ($1::uuid[])`,
        [ids],
      ),
      this.#database.query<{ zone: bigint; epoch: bigint }>(
        'SELECT zone, epoch FROM zone_epochs WHERE zone = ANY ($1::bigint[])',
        [zones],
      ),
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const epochOf = new Map(epochs.map(({ zone, epoch }) => [Number(zone), Number(epoch)]));
    return ({ character, zone, epoch }) => {
      if (epochOf.get(zone) !== epoch) return { kind: 'refused', code: 'zone_replaced' };
      const row = byId.get(character);
      if (row === undefined) return { kind: 'refused', code: 'character_unknown' };
      if (row.frozen || this.#freezer.holds(character)) return { kind: 'refused', code: 'character_frozen' };
      return { kind: 'done', body: encodeStored(storedOf(row)) };
    };
  }
}

function storedOf({ stood, handovers, in_world, zone, x_mm, y_mm, kept }: Row): StoredCharacter {
  if (stood === null || x_mm === null || y_mm === null || kept === null) return neverStood;
  return {
    incarnation: Number(stood),
    handovers: Number(handovers),
    zone: in_world === true ? Number(zone) : null,
    checkpoint: { xMm: x_mm, yMm: y_mm, kept },
  };
}
