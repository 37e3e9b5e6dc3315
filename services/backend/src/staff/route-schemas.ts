import { roles } from '@lifeverse/contracts';
import Type from 'typebox';
import { Reason } from '../toggles/reason.ts';

const closed = { additionalProperties: false };
const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const moment = Type.String({ format: 'date-time' });
const perhaps = Type.Union([moment, Type.Null()]);
const wordsOrNull = Type.Union([Type.String(), Type.Null()]);
const YEAR_MINUTES = 525_600;

/** Of a page of the journal. */
export const JOURNAL_LINES = 50;

export const paths = {
  player: Type.Object({ player: uuid }, closed),
  character: Type.Object({ character: uuid }, closed),
};

export const queries = {
  find: Type.Object({ words: Type.String({ minLength: 1, maxLength: 254 }) }, closed),
  journal: Type.Object(
    { before: Type.Optional(Type.String({ maxLength: 1_024, description: 'The `next` of the page before.' })) },
    closed,
  ),
};

export const bodies = {
  reason: Type.Object({ reason: Reason }, closed),
  forMinutes: Type.Object(
    { minutes: Type.Integer({ minimum: 0, maximum: 100 * YEAR_MINUTES }), reason: Reason },
    closed,
  ),
  roles: Type.Object({ roles: Type.Array(Type.Enum([...roles]), { maxItems: roles.length }), reason: Reason }, closed),
  refund: Type.Object(
    {
      operation: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'As the journal names it.',
      }),
      reason: Reason,
    },
    closed,
  ),
};

const known = {
  player: Type.String(),
  name: Type.String(),
  createdAt: moment,
  suspendedUntil: perhaps,
  mutedUntil: perhaps,
};

export const answers = {
  nothing: Type.Null({ description: 'Done.' }),
  found: Type.Object({ players: Type.Array(Type.Object(known)) }),
  player: Type.Object({
    ...known,
    roles: Type.Array(Type.String()),
    suspendedWhy: wordsOrNull,
    characters: Type.Array(
      Type.Object({
        character: Type.String(),
        name: Type.String(),
        state: Type.String(),
        since: perhaps,
        zone: Type.Union([Type.Integer(), Type.Null()]),
        position: Type.Union([Type.Object({ x: Type.Number(), y: Type.Number() }), Type.Null()]),
        frozenWhy: wordsOrNull,
      }),
    ),
    sessions: Type.Array(
      Type.Object({ id: Type.String(), platform: Type.String(), createdAt: moment, usedAt: moment }),
    ),
    identities: Type.Array(Type.Object({ kind: Type.String(), label: wordsOrNull, createdAt: moment })),
  }),
  journal: Type.Object({
    lines: Type.Array(
      Type.Object({
        operation: Type.Integer(),
        at: moment,
        kind: Type.String(),
        money: Type.Array(
          Type.Object({
            currency: Type.String(),
            amount: Type.Integer(),
            balance: Type.Integer(),
            with: Type.String(),
          }),
        ),
        items: Type.Array(
          Type.Object({ id: Type.Integer(), kind: Type.String(), gained: Type.Boolean(), with: Type.String() }),
        ),
      }),
    ),
    next: wordsOrNull,
  }),
  refunded: Type.Object({
    operation: Type.Integer(),
    balances: Type.Record(Type.String(), Type.Integer()),
    items: Type.Array(Type.Object({ id: Type.Integer(), gained: Type.Boolean() })),
  }),
};
