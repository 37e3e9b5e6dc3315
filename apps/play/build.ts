import { build } from 'vite';

/**
 * Builds the page into a folder, replacing what is there. Rejects with the bundler's error. Takes a second or two: what
 * serves the page decides when it is worth it.
 */
export async function buildPlay(outDir: string): Promise<void> {
  await build({ root: import.meta.dirname, logLevel: 'error', build: { outDir, emptyOutDir: true } });
}
