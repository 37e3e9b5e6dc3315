import { type Database, openDatabase } from '@lifeverse/node-kit';

/** What was committed in the name of a zone's owner, in the order in which the database let it. */
export type Write =
  /** A new owner of the zone. */
  | { readonly kind: 'taken'; readonly order: number; readonly zone: number; readonly epoch: number }
  /** Where somebody stands; `newest`: the epoch that the zone had in the database then. */
  | {
      readonly kind: 'checkpoint';
      readonly order: number;
      readonly zone: number;
      readonly epoch: number;
      readonly newest: number;
    }
  /** An operation of the journal, which names no owner; the key in hex. */
  | { readonly kind: 'operation'; readonly order: number; readonly key: string };

/**
 * Triggers in the drill's own database, which know nothing of how a write came about. Whoever writes for a zone holds its epoch
 * until the commit, and whoever raises it waits for that: so the numbers that these draw are in the order of the commits.
 */
const TRIGGERS = `
  CREATE TABLE drill_writes (id bigserial PRIMARY KEY, kind text NOT NULL, zone bigint, epoch bigint, newest bigint, key uuid);
  CREATE FUNCTION drill_taken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO drill_writes (kind, zone, epoch) VALUES ('taken', NEW.zone, NEW.epoch);
    RETURN NULL;
  END $$;
  CREATE FUNCTION drill_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO drill_writes (kind, zone, epoch, newest)
      SELECT 'checkpoint', NEW.zone, NEW.epoch, z.epoch FROM zone_epochs z WHERE z.zone = NEW.zone;
    RETURN NULL;
  END $$;
  CREATE FUNCTION drill_operation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO drill_writes (kind, key) VALUES ('operation', NEW.key);
    RETURN NULL;
  END $$;
  CREATE TRIGGER drill_taken AFTER UPDATE ON zone_epochs FOR EACH ROW EXECUTE FUNCTION drill_taken();
  CREATE TRIGGER drill_checkpoint AFTER INSERT OR UPDATE ON checkpoints FOR EACH ROW EXECUTE FUNCTION drill_checkpoint();
  CREATE TRIGGER drill_operation AFTER INSERT ON operations FOR EACH ROW EXECUTE FUNCTION drill_operation();`;

interface Row {
  readonly kind: Write['kind'];
  readonly order: number;
  readonly zone: number | null;
  readonly epoch: number | null;
  readonly newest: number | null;
  readonly key: string | null;
}

/** Writes down what is committed to the drill's own database, beside it. */
export class WriteWitness {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** `url`: its schema is up to date. */
  static async start(url: string): Promise<WriteWitness> {
    const database = openDatabase({ url, maxConnections: 1, name: 'lifeverse-drill' });
    await database.transaction(async (sql) => {
      for (const statement of TRIGGERS.split(/;\n(?= {2}CREATE)/)) await sql.query(statement);
    });
    return new WriteWitness(database);
  }

  async writes(): Promise<Write[]> {
    const rows = await this.#database.query<Row>(
      `SELECT kind, id::float8 AS "order", zone::float8 AS zone, epoch::float8 AS epoch, newest::float8 AS newest,
        replace(key::text, '-', '') AS key FROM drill_writes ORDER BY id`,
    );
    return rows.map((row) => row as unknown as Write);
  }

  stop(): Promise<void> {
    return this.#database.close();
  }
}
