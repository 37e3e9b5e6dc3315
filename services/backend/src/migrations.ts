import { fileURLToPath } from 'node:url';
import { type Migration, readMigrations } from '@lifeverse/node-kit';

/** The schema of the backend's database, step by step. */
export const migrations: readonly Migration[] = readMigrations(
  fileURLToPath(new URL('../migrations', import.meta.url)),
);
