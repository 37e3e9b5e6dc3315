import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { fuzzSettings } from './fuzz-settings.ts';

// Runs before every pure test file. Only files that use fast-check pay for loading it.
const { testPath } = expect.getState();
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes('fast-check')) {
  const fc = await import('fast-check');
  fc.configureGlobal(fuzzSettings(process.env));
}
