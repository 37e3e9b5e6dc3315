import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lifecycle } from '@lifeverse/node-kit';

/** A folder for all that a drill starts for as long as `life`: both are gone with it, whatever ended it. */
export async function inDrillFolder<T>(play: (folder: string, life: Lifecycle) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-drill-'));
  const life = new Lifecycle();
  try {
    return await play(folder, life);
  } finally {
    await life.stop().finally(() => {
      // What was killed ends a moment later.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });
  }
}
