import { type DeskOutcome, type DeskRequest, decodePresence, type PresenceChange } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { isCharacterId } from '../characters/character-id.ts';

const WRITE = `
  INSERT INTO presence AS p (character, player, state, gateway, zone, epoch, revision, incarnation, handovers, since)
    SELECT g.character, c.player, g.state, g.gateway, $1, $2, g.revision, g.incarnation, g.handovers, now()
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])
        AS g(character, state, gateway, revision, incarnation, handovers)
      JOIN characters c ON c.id = g.character ORDER BY g.character
  ON CONFLICT (character) DO UPDATE SET state = excluded.state, gateway = excluded.gateway, zone = excluded.zone,
      epoch = excluded.epoch, revision = excluded.revision, incarnation = excluded.incarnation, handovers = excluded.handovers,
      since = CASE WHEN p.state = excluded.state AND p.epoch = excluded.epoch THEN p.since ELSE excluded.since END
    WHERE (p.handovers, p.epoch, p.revision) < (excluded.handovers, excluded.epoch, excluded.revision)`;

const LEASE = `
  INSERT INTO presence_leases AS l (zone, epoch, said_at) VALUES ($1, $2, now())
  ON CONFLICT (zone) DO UPDATE SET epoch = excluded.epoch, said_at = now() WHERE l.epoch <= excluded.epoch`;

/** Writes down who is in the world, as the owners of zones tell it. */
export class PresenceWriter {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async write({ zone, epoch, body }: DeskRequest): Promise<DeskOutcome> {
    const changes = decodePresence(body);
    if (changes === undefined) return { kind: 'refused', code: 'malformed_message' };
    const newest = new Map<string, PresenceChange>();
    for (const change of changes)
      if (isCharacterId(change.character) && change.revision >= (newest.get(change.character)?.revision ?? 0))
        newest.set(change.character, change);
    const all = [...newest.values()];
    return this.#database.transaction(async (sql) => {
      const [owner] = await sql.query<{ epoch: bigint }>('SELECT epoch FROM zone_epochs WHERE zone = $1 FOR SHARE', [
        zone,
      ]);
      if (owner === undefined || Number(owner.epoch) !== epoch) return { kind: 'refused', code: 'zone_replaced' };
      if (all.length > 0)
        await sql.query(WRITE, [
          zone,
          epoch,
          all.map(({ character }) => character),
          all.map(({ state }) => state),
          all.map(({ gateway }) => gateway),
          all.map(({ revision }) => revision),
          all.map(({ incarnation }) => incarnation),
          all.map(({ handovers }) => handovers),
        ]);
      await sql.query(LEASE, [zone, epoch]);
      return { kind: 'done', body: new Uint8Array(0) };
    });
  }
}
