import { hkdfSync } from 'node:crypto';
import type { BackendKeys } from '@lifeverse/backend';
import { ConfigurationError, type OptionValues, optionalText } from '@lifeverse/node-kit';
import { secretFile } from './bus-options.ts';

/** What gateways and backends of one cluster know, and nobody else. */
export const secretOptions = {
  clusterSecret: optionalText({
    expected: 'text that nobody can guess',
    secret: true,
    sentence: 'At least 32 bytes, the same for gateways and backends: what they show one another is made from it.',
  }),
  clusterSecretFile: optionalText({ expected: 'the path of a file', sentence: 'The same, in a file.' }),
} as const;

export interface ClusterKeys extends BackendKeys {
  /** When the operator gave none. */
  readonly operatorToken: string;
  /** By which those who know the secret find one another on the bus: 16 hexadecimal digits, which tell nothing of it. */
  readonly mark: string;
}

const SECRET_BYTES_MIN = 32;
const KEY_BYTES = 32;
const MARK_BYTES = 8;

/** Method: HKDF-SHA-256, a key for each purpose, so that none tells another. */
export function clusterKeys(options: OptionValues<typeof secretOptions>): ClusterKeys {
  const secret = secretOf(options);
  const key = (purpose: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, '', `lifeverse ${purpose}`, KEY_BYTES));
  const word = (purpose: string): string => Buffer.from(key(purpose)).toString('base64url');
  const mark = Buffer.from(key('mark').subarray(0, MARK_BYTES)).toString('hex');
  return { ticketKey: key('tickets'), apiSecret: word('HTTP API'), operatorToken: word('operator'), mark };
}

function secretOf({ clusterSecret, clusterSecretFile }: OptionValues<typeof secretOptions>): string {
  if (clusterSecret !== null && clusterSecretFile !== null)
    throw new ConfigurationError('--cluster-secret and --cluster-secret-file exclude one another.');
  const secret =
    clusterSecretFile === null ? (clusterSecret ?? '') : secretFile('--cluster-secret-file', clusterSecretFile);
  if (secret === '')
    throw new ConfigurationError('A role of a cluster needs --cluster-secret-file, with a secret of 32 bytes or more.');
  if (Buffer.byteLength(secret) < SECRET_BYTES_MIN)
    throw new ConfigurationError(`The secret of the cluster has fewer than ${SECRET_BYTES_MIN} bytes.`);
  return secret;
}
