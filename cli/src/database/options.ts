import { ConfigurationError, optionalText, text } from '@lifeverse/node-kit';

/** Where a world keeps what must last. */
export const databaseOptions = {
  data: text({
    expected: 'the path of a folder',
    default: '.lifeverse',
    sentence: 'Where the world is kept, in a PostgreSQL that comes along.',
  }),
  databaseUrl: optionalText({
    expected: 'an address such as postgresql://user@host/name',
    secret: true,
    sentence: 'A PostgreSQL of your own to keep the world in instead; DATABASE_URL says the same.',
  }),
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The address of the operator's own database; null when there is none. Throws a ConfigurationError when it is no address. */
export function ownDatabase(databaseUrl: string | null, { DATABASE_URL }: Environment): string | null {
  const url = databaseUrl ?? DATABASE_URL ?? '';
  if (url === '') return null;
  // It may hold a password: what was given is not repeated.
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new ConfigurationError('The address of the database is none; one looks like postgresql://user@host/name.');
  return url;
}
