import type { Database } from '@lifeverse/node-kit';
import type { FastifyPluginAsync } from 'fastify';
import Type from 'typebox';
import type { Looks } from './looks.ts';
import { type AuditQuery, readAudit } from './read-audit.ts';
import type { StaffDoor } from './staff-door.ts';

export interface AuditDeps {
  readonly database: Database;
  readonly staff: StaffDoor;
  readonly looks: Pick<Looks, 'note'>;
}

const ROWS = 50;
const ROWS_MAX = 200;

/** A whole number above 0, as text: it may pass 2^53, and queries are text. */
export const Decimal = Type.String({ pattern: '^[1-9][0-9]{0,17}$' });
/** How many rows a page has: 1 to 200. */
export const PageSize = Type.String({ pattern: '^(200|1[0-9]{2}|[1-9][0-9]?)$' });

export function pageSize(limit: string | undefined): number {
  return limit === undefined ? ROWS : Math.min(ROWS_MAX, Number(limit));
}

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const schema = {
  operationId: 'readAudit',
  summary: 'What staff did, the newest first.',
  tags: ['audit'],
  querystring: Type.Object(
    { before: Type.Optional(Decimal), limit: Type.Optional(PageSize), actor: name, subject: name, act: name },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      rows: Type.Array(
        Type.Object({
          number: Type.String(),
          at: Type.String(),
          actor: Type.String(),
          act: Type.String(),
          subject: Type.String(),
          reason: Type.String(),
          detail: Type.Object({}, { additionalProperties: true }),
        }),
      ),
      before: Type.Union([Type.String(), Type.Null()]),
    }),
  },
};

/** Reading the audit: a privilege too, and written down as the others are. */
export function auditRoutes({ database, staff, looks }: AuditDeps): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Querystring: Omit<AuditQuery, 'limit'> & { limit?: string } }>(
      '/api/admin/audit',
      { schema },
      async (request) => {
        const reader = await staff.admit(request, 'audit.read');
        const { limit, before: _, ...filters } = request.query;
        await looks.note({ actor: reader, view: 'audit.see', subject: 'audit', detail: filters });
        return readAudit(database, { ...request.query, limit: pageSize(limit) });
      },
    );
  };
}
