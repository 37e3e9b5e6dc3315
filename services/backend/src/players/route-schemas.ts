import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** Longer than any of these may be: what cannot be right is refused before it is looked at. */
const TEXT = 512;
const closed = { additionalProperties: false };

const text = (description: string) => Type.String({ minLength: 1, maxLength: TEXT, description });
const moment = Type.String({ format: 'date-time' });
const uuid = (description: string) =>
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', description });

const name = text('What the player wants to be called: up to 32 bytes of UTF-8.');
const platform = Type.String({
  pattern: '^[a-z0-9 -]{1,32}$',
  description: 'What the client runs on, in its own words; shown to the player in the list of sessions.',
});
const email = text('An e-mail address.');
const password = text('10 to 128 characters of any kind.');

/** No body here is larger. */
export const BODY_BYTES = 8_192;

/** What comes in. */
export const bodies = {
  guest: Type.Object({ name: Type.Optional(name), platform: Type.Optional(platform) }, closed),
  registration: Type.Object({ email, password, name: Type.Optional(name), platform: Type.Optional(platform) }, closed),
  logIn: Type.Object({ email, password, platform: Type.Optional(platform) }, closed),
  passwords: Type.Object({ password, newPassword: password }, closed),
  ticket: Type.Object(
    {
      name: Type.Optional(name),
      session: Type.Optional(Type.String({ maxLength: 128, description: 'For clients that keep no cookie.' })),
      place: Type.Optional(
        Type.String({ maxLength: TEXT, description: 'In the waiting room, as it was answered last.' }),
      ),
      platform: Type.Optional(platform),
    },
    closed,
  ),
  oidcStart: Type.Object(
    {
      link: Type.Optional(Type.Boolean({ description: 'True: link to the player who is logged in.' })),
      password: Type.Optional(password),
      returnTo: Type.Optional(
        Type.String({
          maxLength: TEXT,
          pattern: '^/([A-Za-z0-9_~.-][A-Za-z0-9_~./=&?-]*)?$',
          description: 'A path of this server.',
        }),
      ),
      platform: Type.Optional(platform),
    },
    closed,
  ),
};

/** Parts of paths. */
export const paths = {
  session: Type.Object({ id: uuid('Of a session.') }, closed),
  identity: Type.Object(
    { id: Type.String({ pattern: '^[1-9][0-9]{0,18}$', description: 'Of a way to log in.' }) },
    closed,
  ),
  provider: Type.Object(
    { provider: Type.String({ pattern: '^[a-z0-9-]{1,32}$', description: 'As it is named here.' }) },
    closed,
  ),
};

/** What goes out. */
export const answers = {
  name: Type.Object({ name: Type.String() }),
  loggedIn: Type.Object({
    session: Type.String({ description: 'The token: only told here. A former one is void.' }),
    player: Type.String(),
    name: Type.String(),
    expiresInMs: Type.Integer(),
  }),
  ticket: Type.Object({
    ticket: Type.String(),
    session: Type.String(),
    name: Type.String(),
    expiresInMs: Type.Integer(),
  }),
  who: Type.Object({
    player: Type.String(),
    name: Type.String(),
    roles: Type.Array(Type.String()),
    mutedUntil: Type.Union([moment, Type.Null()], { description: 'Nobody hears what the player says until then.' }),
  }),
  sessions: Type.Object({
    sessions: Type.Array(
      Type.Object({
        id: Type.String(),
        platform: Type.String(),
        createdAt: moment,
        usedAt: moment,
        expiresAt: moment,
        current: Type.Boolean(),
      }),
    ),
  }),
  identities: Type.Object({
    identities: Type.Array(
      Type.Object({ id: Type.String(), kind: Type.String(), label: Type.String(), createdAt: moment }),
    ),
  }),
  providers: Type.Object({ providers: Type.Array(Type.String()) }),
  oidcStart: Type.Object({ url: Type.String(), expiresInMs: Type.Integer() }),
  nothing: Type.Null({ description: 'Done.' }),
};

/** As it came: nothing is converted, nothing that is unknown is dropped. The refusal does not say what was sent. */
export function strictly({ schema }: { schema: TSchema }): (value: unknown) => { value: unknown } | { error: Error } {
  const check = Compile(schema);
  return (value) => (check.Check(value) ? { value } : { error: new Error('this is not what is asked for') });
}

/** A route's schema with what the reference of the API says of it. */
export function described(
  schema: FastifySchema & {
    readonly operationId: string;
    readonly summary: string;
    readonly description?: string;
    readonly tags: readonly string[];
  },
): FastifySchema {
  return schema;
}
