// Loaded with --import before a TypeScript entry point. Plain JavaScript, because the Node it is meant to catch may not
// run TypeScript at all: where npm's install scripts were off, `node` is silently the system's.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const pinned = manifest.dependencies.node;
const major = (version) => version.split('.')[0];

if (major(process.versions.node) !== major(pinned)) {
  process.stderr.write(
    `This needs Node ${major(pinned)} and runs on Node ${process.versions.node}: run npm ci with install scripts allowed, and start it through npm, which then uses Node ${pinned}.\n`,
  );
  process.exit(1);
}
