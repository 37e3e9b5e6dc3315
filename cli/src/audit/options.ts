import { flag, list } from '@lifeverse/node-kit';
import { databaseOptions } from '../database/options.ts';

const HASH = /^[0-9a-f]{64}$/i;

/** What `lifeverse audit verify` can be told. */
export const auditOptions = {
  ...databaseOptions,
  expect: list({
    expected: 'hashes of 64 hexadecimal digits, parted by commas',
    accept: (value) => HASH.test(value),
    sentence: 'Hashes that were noted earlier and must be in the audit still: so that one written anew shows.',
  }),
  json: flag({ sentence: 'Tells it as one line of JSON.' }),
} as const;
