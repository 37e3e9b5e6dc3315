import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ConfigurationError } from '@lifeverse/node-kit';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = join(root, 'apps', 'play');
const builder = join(page, 'build.ts');
/** What the page is made of. */
const sources = [
  'apps/play',
  'packages/base',
  'packages/protocol',
  'packages/definition',
  'packages/sync',
  'packages/client',
  'worlds',
];
const WORTH_COMPRESSING_BYTES = 1_024;
/** One step below the best, in a tenth of its time. */
const BROTLI_QUALITY = 9;
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const STAMP = '.built-from';

/** The folder of a page that was built elsewhere. */
export function givenPage(folder: string): string {
  if (existsSync(join(folder, 'index.html'))) return resolve(folder);
  throw new ConfigurationError(`--page: there is no index.html in ${folder}.`);
}

/**
 * The folder of the page, built anew when anything it is made of has changed. In a process of its own, so that what
 * building needs is no part of the server's memory. Throws a ConfigurationError with the reason when it fails.
 */
export async function builtPage(progress: (line: string) => void): Promise<string> {
  const built = join(page, 'dist');
  const stamp = sourceStamp();
  if (isBuiltFrom(built, stamp)) return built;
  progress('Building the page ...');
  // Beside what git ignores: an interrupted build leaves nothing that anyone would serve or commit.
  const fresh = join(root, '.lifeverse', `page-${process.pid}`);
  try {
    await build(fresh);
    await compress(fresh);
    writeFileSync(join(fresh, STAMP), stamp);
    rmSync(built, { recursive: true, force: true });
    renameSync(fresh, built);
  } catch (error) {
    // Another server of this checkout was started at the same time, and was faster.
    if (!isBuiltFrom(built, stamp)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return built;
}

function isBuiltFrom(built: string, stamp: string): boolean {
  const path = join(built, STAMP);
  return existsSync(path) && readFileSync(path, 'utf8') === stamp;
}

async function build(into: string): Promise<void> {
  const script = `const { buildPlay } = await import(process.argv[1]); await buildPlay(process.argv[2]);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, builder, into], {
    cwd: page,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  const reason = said.split('\n').find((line) => /error/i.test(line)) ?? said.trim().split('\n').at(-1);
  throw new ConfigurationError(`The page cannot be built: ${reason?.trim() || `exit code ${code}`}`);
}

/** Puts beside each text of some size what browsers take instead of it, so that nothing is compressed while players play. */
async function compress(folder: string): Promise<void> {
  const texts = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(html|js|css|svg|json)$/.test(entry.name),
  );
  for (const entry of texts) {
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    if (bytes.length < WORTH_COMPRESSING_BYTES) continue;
    writeFileSync(`${path}.br`, await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }));
    writeFileSync(`${path}.gz`, await gzipped(bytes, { level: constants.Z_BEST_COMPRESSION }));
  }
}

/** Of the content of everything the page is made of; tests are no part of it. */
function sourceStamp(): string {
  const hash = createHash('sha256');
  for (const path of [...sources.flatMap(filesBelow), 'package-lock.json']) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).split(sep).join('/'))
    .filter((path) => !/\/(node_modules|dist[^/]*)\/|\.test\.ts$/.test(path))
    .sort();
}
