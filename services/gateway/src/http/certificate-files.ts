import { readFileSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigurationError, type Log } from '@lifeverse/node-kit';

export interface CertificatePaths {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Null when there is to be no TLS. Throws a ConfigurationError when one of the two is missing. */
export function certificatePaths(options: {
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
}): CertificatePaths | null {
  const { tlsCert, tlsKey } = options;
  if (tlsCert === null && tlsKey === null) return null;
  if (tlsCert === null || tlsKey === null) {
    throw new ConfigurationError('--tls-cert and --tls-key belong together; one of them is missing.');
  }
  return { certPath: tlsCert, keyPath: tlsKey };
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Throws a ConfigurationError that names the file at fault. */
export function readCertificate({ certPath, keyPath }: CertificatePaths): Certificate {
  const read = (option: string, path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (error) {
      throw new ConfigurationError(`${option}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    }
  };
  const certificate = { cert: read('--tls-cert', certPath), key: read('--tls-key', keyPath) };
  try {
    createSecureContext(certificate);
  } catch (error) {
    const reason = (error as Error).message.replace(/^error:[^:]*:[^:]*:[^:]*:/, '');
    throw new ConfigurationError(`${certPath} and ${keyPath} are no certificate and its key (${reason}).`);
  }
  return certificate;
}

/** Files are written one after the other: they are read when nothing has changed for so long. */
const SETTLE_MS = 200;
/** Where no change is announced (network file systems, some mounts), it is looked for. */
const LOOK_EVERY_MS = 30_000;

/**
 * Calls `use` with a renewed certificate, however it was put in place: written over, renamed, or by a link to another
 * folder. Files that are no pair are left and logged; the former certificate stays. Returns what ends the watching.
 */
export function watchCertificate(
  paths: CertificatePaths,
  use: (certificate: Certificate | ConfigurationError) => void,
  log: Log,
): () => void {
  let last = signatureOf(paths);
  let settling: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = signatureOf(paths);
    if (now === last) return;
    last = now;
    try {
      use(readCertificate(paths));
    } catch (error) {
      use(error as ConfigurationError);
    }
  };
  const changed = (): void => {
    clearTimeout(settling);
    settling = setTimeout(look, SETTLE_MS);
  };
  const folders = new Set([dirname(paths.certPath), dirname(paths.keyPath)]);
  const watchers = [...folders].map((folder) =>
    watch(folder, changed).on('error', (error) =>
      log.warn({ err: error, folder }, 'a certificate folder is not watched'),
    ),
  );
  const looking = setInterval(look, LOOK_EVERY_MS);
  looking.unref();
  return () => {
    clearTimeout(settling);
    clearInterval(looking);
    for (const watcher of watchers) watcher.close();
  };
}

/** Changes when either file does; empty while one is missing. */
function signatureOf({ certPath, keyPath }: CertificatePaths): string {
  try {
    return [certPath, keyPath]
      .map((path) => statSync(path, { bigint: true }))
      .map(({ ino, size, mtimeNs }) => `${ino} ${size} ${mtimeNs}`)
      .join(', ');
  } catch {
    return '';
  }
}
