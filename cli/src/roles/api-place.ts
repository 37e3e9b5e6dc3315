import type { ApiPlace } from '@lifeverse/contracts';
import { text } from '@lifeverse/node-kit';

const DEFAULT = 'http://127.0.0.1:8079';
const EXPECTED = 'an address such as http://127.0.0.1:8079, or the absolute path of a Unix socket';

export const apiPlaceOption = (sentence: string) =>
  text({ expected: EXPECTED, default: DEFAULT, accept: (value) => parsed(value) !== undefined, sentence });

/** Of a value that the option has accepted. */
export function apiPlace(value: string): ApiPlace {
  const place = parsed(value);
  if (place === undefined) throw new RangeError(`${value} is no place`);
  return place;
}

/** A path of a Unix socket has no more bytes than this on every system. */
const PATH_BYTES = 103;
const HTTP_PORT = 80;

function parsed(value: string): ApiPlace | undefined {
  if (value.startsWith('/')) return Buffer.byteLength(value) <= PATH_BYTES ? { socketPath: value } : undefined;
  const url = URL.parse(value);
  if (url === null || url.protocol !== 'http:' || url.origin !== value.replace(/\/$/, '')) return undefined;
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? HTTP_PORT : Number(url.port) };
}
