import type { FastifyPluginAsync } from 'fastify';
import Type from 'typebox';
import { Decimal, PageSize, pageSize } from '../audit/routes.ts';
import type { StaffDoor } from '../audit/staff-door.ts';
import { checkedReason, Reason } from '../toggles/reason.ts';
import type { ContentDesk } from './content-desk.ts';

export interface ContentDeps {
  readonly desk: ContentDesk;
  readonly staff: StaffDoor;
}

/** Of a body in any writing; what is kept is canonical and smaller. */
const BODY_BYTES = 524_288;
const tags = ['content'];
const Document = Type.String({ minLength: 1, maxLength: 64 });
const params = Type.Object({ document: Document });
const Anything = Type.Unknown();
const VersionNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const strict = { additionalProperties: false };
const versionFields = {
  version: Type.Integer(),
  state: Type.String(),
  at: Type.String(),
  inForceAt: Type.Union([Type.String(), Type.Null()]),
  actor: Type.String(),
  reason: Type.String(),
};
const Version = Type.Object(versionFields);

const list = {
  operationId: 'listContent',
  summary: 'Every document of the world: what it must look like, and what is in force.',
  tags,
  response: {
    200: Type.Object({
      documents: Type.Array(
        Type.Object({
          document: Type.String(),
          sentence: Type.String(),
          shape: Type.Object({}, { additionalProperties: true }),
          inForce: Type.Union([Type.Integer(), Type.Null()]),
          body: Anything,
        }),
      ),
    }),
  },
};
const history = {
  operationId: 'contentHistory',
  summary: 'The versions of a document, the newest first, without their bodies.',
  tags,
  params,
  querystring: Type.Object({ before: Type.Optional(Decimal), limit: Type.Optional(PageSize) }, strict),
  response: { 200: Type.Object({ versions: Type.Array(Version) }) },
};
const read = {
  operationId: 'readContent',
  summary: 'One version of a document.',
  tags,
  params: Type.Object({ document: Document, version: Decimal }),
  response: { 200: Type.Object({ ...versionFields, body: Anything }) },
};
const stage = {
  operationId: 'stageContent',
  summary: 'Keeps a version of a document, checked, to be put into force later.',
  tags,
  params,
  body: Type.Object({ body: Anything, reason: Reason }, strict),
  response: { 201: Version },
};
const enforce = {
  operationId: 'enforceContent',
  summary: 'Puts a staged version into force.',
  tags,
  params,
  body: Type.Object(
    {
      version: VersionNumber,
      reason: Reason,
      basedOn: Type.Optional(Type.Union([VersionNumber, Type.Null()])),
    },
    strict,
  ),
  response: { 200: Version },
};
const revert = {
  operationId: 'revertContent',
  summary: 'Puts a former version into force again.',
  tags,
  params,
  body: Type.Object({ version: VersionNumber, reason: Reason }, strict),
  response: { 200: Version },
};

interface Params {
  readonly document: string;
}

/** What operators do with content. */
export function contentRoutes({ desk, staff }: ContentDeps): FastifyPluginAsync {
  return async (app) => {
    app.get('/api/admin/content', { schema: list }, async (request) => {
      await staff.admit(request, 'content.read');
      return { documents: desk.list() };
    });
    app.get<{ Params: Params; Querystring: { before?: string; limit?: string } }>(
      '/api/admin/content/:document/versions',
      { schema: history },
      async (request) => {
        await staff.admit(request, 'content.read');
        const { before, limit } = request.query;
        const page = { limit: pageSize(limit), ...(before === undefined ? {} : { before: Number(before) }) };
        return { versions: await desk.history(request.params.document, page) };
      },
    );
    app.get<{ Params: Params & { version: string } }>(
      '/api/admin/content/:document/versions/:version',
      { schema: read },
      async (request) => {
        await staff.admit(request, 'content.read');
        return desk.version(request.params.document, Number(request.params.version));
      },
    );
    app.post<{ Params: Params; Body: { body: unknown; reason: string } }>(
      '/api/admin/content/:document/versions',
      { schema: stage, bodyLimit: BODY_BYTES },
      async (request, reply) => {
        const actor = await staff.admit(request, 'content.change');
        const { body, reason } = request.body;
        const by = { actor, reason: checkedReason(reason) };
        return reply.code(201).send(await desk.stage(request.params.document, body, by));
      },
    );
    app.post<{ Params: Params; Body: { version: number; reason: string; basedOn?: number | null } }>(
      '/api/admin/content/:document/enforce',
      { schema: enforce },
      async (request) => {
        const actor = await staff.admit(request, 'content.change');
        const { version, reason, basedOn } = request.body;
        return desk.enforce(request.params.document, version, { actor, reason: checkedReason(reason) }, basedOn);
      },
    );
    app.post<{ Params: Params; Body: { version: number; reason: string } }>(
      '/api/admin/content/:document/revert',
      { schema: revert },
      async (request) => {
        const actor = await staff.admit(request, 'content.change');
        const { version, reason } = request.body;
        return desk.revert(request.params.document, version, { actor, reason: checkedReason(reason) });
      },
    );
  };
}
