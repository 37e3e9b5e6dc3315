import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  ConfigurationError,
  list,
  type NatsBusOptions,
  type OptionValues,
  optionalText,
  text,
} from '@lifeverse/node-kit';

/** How a role reaches the others. */
export const busOptions = {
  nats: list({
    expected: 'addresses such as nats://host:4222 or tls://host:4222, parted by commas',
    accept: isAddress,
    secret: true,
    sentence:
      'NATS, by which the roles of a cluster talk; several addresses are one NATS. When left out, the one on this machine.',
  }),
  natsUser: optionalText({
    expected: 'a name',
    sentence: 'Who this role is to NATS; an address may say it too: nats://user:password@host:4222.',
  }),
  natsPasswordFile: optionalText({ expected: 'the path of a file', sentence: 'The password of that user.' }),
  natsCa: optionalText({
    expected: 'the path of a file',
    sentence: 'Whom to trust as NATS over TLS (PEM); when left out, whom the machine trusts.',
  }),
  natsCert: optionalText({ expected: 'the path of a file', sentence: 'The certificate to show NATS (PEM).' }),
  natsKey: optionalText({ expected: 'the path of a file', sentence: 'The key of that certificate (PEM).' }),
  cluster: text({
    expected: 'a name of small letters, digits and dashes',
    default: 'lifeverse',
    accept: (value) => /^[a-z0-9][a-z0-9-]{0,31}$/.test(value),
    sentence: 'Name of the cluster: several may share a NATS, and hear nothing of one another.',
  }),
} as const;

export type BusOptions = OptionValues<typeof busOptions>;
export type BusAccess = Pick<NatsBusOptions, 'servers' | 'prefix' | 'user' | 'tls'>;

const ON_THIS_MACHINE = 'nats://127.0.0.1:4222';

/** Throws a ConfigurationError, whose sentence repeats no password. */
export function busAccess(options: BusOptions): BusAccess {
  const { nats, natsCa, natsCert, natsKey, cluster } = options;
  if ((natsCert === null) !== (natsKey === null))
    throw new ConfigurationError('--nats-cert and --nats-key belong together; one of them is missing.');
  const urls = (nats.length === 0 ? [ON_THIS_MACHINE] : nats).map((address) => new URL(address));
  const tls = {
    ...(natsCa === null ? {} : { caFile: readable('--nats-ca', natsCa) }),
    ...(natsCert === null ? {} : { certFile: readable('--nats-cert', natsCert) }),
    ...(natsKey === null ? {} : { keyFile: readable('--nats-key', natsKey) }),
  };
  const user = userOf(options, urls);
  const isSecured = Object.keys(tls).length > 0 || urls.some(({ protocol }) => protocol === 'tls:');
  if (isSecured && urls.some(({ hostname }) => isIP(hostname.replace(/^\[|\]$/g, '')) !== 0))
    throw new ConfigurationError(
      '--nats: over TLS, NATS is named by the name in its certificate, not by an IP address.',
    );
  return {
    servers: urls.map(({ host, protocol }) => `${protocol}//${host}`),
    prefix: cluster,
    ...(user === undefined ? {} : { user }),
    ...(isSecured ? { tls } : {}),
  };
}

function userOf({ natsUser, natsPasswordFile }: BusOptions, urls: readonly URL[]): BusAccess['user'] {
  const named = urls.find(({ username }) => username !== '');
  if (natsUser === null) {
    if (natsPasswordFile !== null) throw new ConfigurationError('--nats-password-file needs --nats-user.');
    if (named === undefined) return undefined;
    return { name: decodeURIComponent(named.username), password: decodeURIComponent(named.password) };
  }
  if (natsPasswordFile === null) throw new ConfigurationError('--nats-user needs --nats-password-file.');
  return { name: natsUser, password: secretFile('--nats-password-file', natsPasswordFile) };
}

/** What stands in a file, without the line end that editors put there. */
export function secretFile(flag: string, path: string): string {
  readable(flag, path);
  return readFileSync(path, 'utf8').trim();
}

function readable(flag: string, path: string): string {
  try {
    readFileSync(path);
    return path;
  } catch (error) {
    throw new ConfigurationError(`${flag}: ${path} cannot be read (${(error as { code?: string }).code}).`);
  }
}

function isAddress(text: string): boolean {
  if (!/^(nats|tls):\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, search } = new URL(text);
  return hostname !== '' && pathname.length <= 1 && search === '';
}
