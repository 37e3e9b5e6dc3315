import { randomUUID } from 'node:crypto';
import { createLog, type Database, migrate } from '@lifeverse/node-kit';
import { migrations } from '../migrations.ts';

/** Brings the schema into an empty database, and a trigger by which saves of chosen characters are refused. */
export async function prepareCharacters(database: Database): Promise<void> {
  await migrate(database, migrations);
  await database.query('CREATE TABLE refusing (character uuid PRIMARY KEY)');
  await database.query(`CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM refusing r WHERE r.character = NEW.character) THEN RAISE EXCEPTION 'not this one'; END IF;
    RETURN NEW; END $$`);
  await database.query(
    'CREATE TRIGGER refuse_some BEFORE INSERT OR UPDATE ON checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_some()',
  );
}

/** Returns the ids of a new player and of its one character. */
export async function createCharacter(
  database: Database,
  name = 'Ann',
): Promise<{ player: string; character: string }> {
  const [player, character] = [randomUUID(), randomUUID()];
  await database.query('INSERT INTO players (id, name) VALUES ($1, $2)', [player, name]);
  await database.query('INSERT INTO characters (id, player, name) VALUES ($1, $2, $3)', [character, player, name]);
  return { player, character };
}

export async function refuseSaves(database: Database, character: string, refused: boolean): Promise<void> {
  const statement = refused
    ? 'INSERT INTO refusing VALUES ($1) ON CONFLICT DO NOTHING'
    : 'DELETE FROM refusing WHERE character = $1';
  await database.query(statement, [character]);
}

export const silent = createLog({ role: 'test', level: 'silent' });
