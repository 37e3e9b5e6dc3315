import { isName, type ToggleContext } from '@lifeverse/contracts';
import { LifeverseError } from '@lifeverse/protocol';
import type { FastifyPluginAsync } from 'fastify';
import Type from 'typebox';
import { Decimal, PageSize, pageSize } from '../audit/routes.ts';
import type { StaffDoor } from '../audit/staff-door.ts';
import { ChangeInvalid } from './change-invalid.ts';
import { toggleContext } from './evaluation-context.ts';
import { checkedReason, Reason } from './reason.ts';
import type { ToggleDesk } from './toggle-desk.ts';

export interface ToggleDeps {
  readonly desk: ToggleDesk;
  readonly staff: StaffDoor;
}

/** Of a definition: 64 rules of some hundred names each. */
const BODY_BYTES = 262_144;
const tags = ['toggles'];
const params = Type.Object({ toggle: Type.String({ minLength: 1, maxLength: 64 }) });
const Anything = Type.Unknown();
const VersionNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const strict = { additionalProperties: false };

const Version = Type.Object({
  version: Type.Integer(),
  definition: Anything,
  at: Type.String(),
  actor: Type.String(),
  reason: Type.String(),
});
const Value = Type.Union([Type.Boolean(), Type.Number(), Type.String()]);
const Details = Type.Object({ value: Value, reason: Type.String(), variant: Type.Optional(Type.String()) });

const list = {
  operationId: 'listToggles',
  summary: 'Every toggle: as it was declared, its newest version, and its value now.',
  tags,
  response: {
    200: Type.Object({
      toggles: Type.Array(
        Type.Object({
          toggle: Type.String(),
          declaration: Type.Object({}, { additionalProperties: true }),
          newest: Type.Union([Version, Type.Null()]),
          inForce: Type.Union([Type.Integer(), Type.Null()]),
          value: Details,
        }),
      ),
    }),
  },
};
const history = {
  operationId: 'toggleHistory',
  summary: 'The versions of a toggle, the newest first: who changed it, when and why.',
  tags,
  params,
  querystring: Type.Object({ before: Type.Optional(Decimal), limit: Type.Optional(PageSize) }, strict),
  response: { 200: Type.Object({ versions: Type.Array(Version) }) },
};
const set = {
  operationId: 'setToggle',
  summary: 'Puts a definition into force; null brings the declared default back.',
  tags,
  params,
  body: Type.Object(
    {
      definition: Anything,
      reason: Reason,
      basedOn: Type.Optional(Type.Union([VersionNumber, Type.Null()])),
    },
    strict,
  ),
  response: { 200: Version },
};
const revert = {
  operationId: 'revertToggle',
  summary: 'Puts a former version of a toggle into force again.',
  tags,
  params,
  body: Type.Object({ version: VersionNumber, reason: Reason }, strict),
  response: { 200: Version },
};
const preview = {
  operationId: 'previewToggle',
  summary:
    'What somebody would get, by the definition in force or another one, now or at another time. Changes nothing.',
  tags,
  params,
  body: Type.Object(
    {
      context: Type.Object({}, { additionalProperties: true }),
      definition: Type.Optional(Anything),
      at: Type.Optional(Type.String({ maxLength: 64 })),
    },
    strict,
  ),
  response: { 200: Details },
};

interface Params {
  readonly toggle: string;
}

/** What operators do with toggles. */
export function toggleRoutes({ desk, staff }: ToggleDeps): FastifyPluginAsync {
  return async (app) => {
    app.get('/api/admin/toggles', { schema: list }, async (request) => {
      await staff.admit(request, 'toggles.read');
      return { toggles: await desk.list() };
    });
    app.get<{ Params: Params; Querystring: { before?: string; limit?: string } }>(
      '/api/admin/toggles/:toggle/history',
      { schema: history },
      async (request) => {
        await staff.admit(request, 'toggles.read');
        const { before, limit } = request.query;
        const page = { limit: pageSize(limit), ...(before === undefined ? {} : { before: Number(before) }) };
        return { versions: await desk.history(request.params.toggle, page) };
      },
    );
    app.put<{ Params: Params; Body: { definition: unknown; reason: string; basedOn?: number | null } }>(
      '/api/admin/toggles/:toggle',
      { schema: set, bodyLimit: BODY_BYTES },
      async (request) => {
        const actor = await staff.admit(request, 'toggles.change');
        const { definition, reason, basedOn } = request.body;
        return desk.set(request.params.toggle, definition, { actor, reason: checkedReason(reason) }, basedOn);
      },
    );
    app.post<{ Params: Params; Body: { version: number; reason: string } }>(
      '/api/admin/toggles/:toggle/revert',
      { schema: revert },
      async (request) => {
        const actor = await staff.admit(request, 'toggles.change');
        const { version, reason } = request.body;
        return desk.revert(request.params.toggle, version, { actor, reason: checkedReason(reason) });
      },
    );
    app.post<{ Params: Params; Body: { context: object; definition?: unknown; at?: string } }>(
      '/api/admin/toggles/:toggle/preview',
      { schema: preview, bodyLimit: BODY_BYTES },
      async (request) => {
        await staff.admit(request, 'toggles.read');
        const { context, definition, at } = request.body;
        return desk.preview(request.params.toggle, knownContext(context), {
          ...(definition === undefined ? {} : { definition }),
          ...(at === undefined ? {} : { atMs: instant(at) }),
        });
      },
    );
  };
}

function knownContext(input: unknown): ToggleContext {
  const context = toggleContext(input);
  if ('fault' in context) throw new ChangeInvalid([{ at: '/context', why: context.fault }]);
  return context;
}

function instant(text: string): number {
  const ms = isName(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new LifeverseError('change_invalid', '/at must be an instant in RFC 3339');
  return ms;
}
