import type { SessionInfo } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { readJournal } from './read-journal.ts';

export interface JournalRouteDeps {
  readonly database: Sql;
  /** The session that came along; rejects with a LifeverseError when there is none that is open. */
  session(request: FastifyRequest): Promise<SessionInfo>;
  /** Problem details, in schemas. */
  readonly problem: TSchema;
}

const PAGE = 50;
const PAGE_MAX = 200;
const tags = ['belongings'];
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const params = Type.Object({ character: Type.String({ pattern: UUID }) });
const querystring = Type.Object(
  {
    limit: Type.Optional(
      Type.String({ pattern: '^[1-9][0-9]{0,2}$', description: `Up to ${PAGE_MAX}; else ${PAGE}.` }),
    ),
    before: Type.Optional(Type.String({ maxLength: 1_024, description: 'The `next` of the page that came before.' })),
  },
  { additionalProperties: false },
);
const Amount = Type.Integer({ description: 'Within 53 bits.' });
const Belongings = Type.Object({
  money: Type.Record(Type.String(), Amount),
  items: Type.Array(Type.Object({ id: Type.Integer(), kind: Type.String() })),
});
const Line = Type.Object({
  operation: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  kind: Type.String(),
  money: Type.Array(Type.Object({ currency: Type.String(), amount: Amount, balance: Amount, with: Type.String() })),
  items: Type.Array(
    Type.Object({ id: Type.Integer(), kind: Type.String(), gained: Type.Boolean(), with: Type.String() }),
  ),
});
const Page = Type.Object({ lines: Type.Array(Line), next: Type.Union([Type.String(), Type.Null()]) });

/** What one's own characters have, and how they came by it. */
export function journalRoutes({ database, session, problem }: JournalRouteDeps): FastifyPluginAsync {
  const responses = (ok: TSchema) => ({ 200: ok, '4xx': problem, '5xx': problem });
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get<{ Params: Static<typeof params> }>(
      '/api/characters/:character/belongings',
      {
        schema: {
          operationId: 'listBelongings',
          summary: 'What one of the player’s characters has',
          tags,
          params,
          response: responses(Belongings),
        },
      },
      async (request) => {
        await own(database, await session(request), request.params.character);
        return belongings(database, request.params.character);
      },
    );
    app.get<{ Params: Static<typeof params>; Querystring: Static<typeof querystring> }>(
      '/api/characters/:character/journal',
      {
        schema: {
          operationId: 'listJournal',
          summary: 'What came to one of the player’s characters and left, the newest first',
          tags,
          params,
          querystring,
          response: responses(Page),
        },
      },
      async (request) => {
        const { character } = request.params;
        await own(database, await session(request), character);
        const limit = Math.min(PAGE_MAX, Number(request.query.limit ?? PAGE));
        const page = await readJournal(database, character, { limit, before: request.query.before ?? null });
        if (page === null) throw new LifeverseError('malformed_message');
        return { ...page, lines: page.lines.map((line) => ({ ...line, at: line.at.toISOString() })) };
      },
    );
  };
}

/** Another's character is not told from one that does not exist. */
async function own(sql: Sql, { player }: SessionInfo, character: string): Promise<void> {
  const [row] = await sql.query('SELECT FROM characters WHERE id = $1::uuid AND player = $2::uuid', [
    character,
    player,
  ]);
  if (row === undefined) throw new LifeverseError('character_unknown');
}

async function belongings(sql: Sql, character: string): Promise<Static<typeof Belongings>> {
  const [money, items] = await Promise.all([
    sql.query<{ currency: string; amount: bigint }>(
      `SELECT b.currency, b.amount FROM balances b JOIN holders h ON h.id = b.holder
       WHERE h.character = $1::uuid AND b.amount <> 0 ORDER BY b.currency`,
      [character],
    ),
    sql.query<{ id: bigint; kind: string }>(
      'SELECT i.id, i.kind FROM items i JOIN holders h ON h.id = i.holder WHERE h.character = $1::uuid ORDER BY i.id',
      [character],
    ),
  ]);
  return {
    money: Object.fromEntries(money.map(({ currency, amount }) => [currency, Number(amount)])),
    items: items.map(({ id, kind }) => ({ id: Number(id), kind })),
  };
}
