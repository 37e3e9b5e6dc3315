import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { KeptChild } from './kept-child.ts';

const program = fileURLToPath(new URL('test-beating-child.ts', import.meta.url));
const policy = { lookMs: 50, hangsMs: 1_000, loadsMs: 20_000 };

it('a process that stands still is killed, which is said, and started again', async () => {
  const told: string[] = [];
  const listener = { told: (line: string) => told.push(line), logged: () => undefined };
  const spec = { name: 'role', command: process.execPath, args: () => [program], env: () => ({}) };
  const kept = new KeptChild(spec, listener, policy);
  onTestFinished(() => kept.stop());
  await kept.start();
  const first = kept.pid as number;
  process.kill(first, 'SIGSTOP');
  await expect.poll(() => kept.silentMs, { timeout: 10_000 }).toBeGreaterThan(policy.hangsMs / 2);
  await expect.poll(() => [kept.restarts, kept.life.kind], { timeout: 20_000 }).toEqual([1, 'open']);
  const how = 'gave no sign of life for 1 s and was killed';
  expect(kept.lastEnd?.how).toBe(how);
  expect(told).toEqual([
    `role runs, process ${first}`,
    `role ${how}: it is started again in 250 ms`,
    `role runs, process ${kept.pid}`,
  ]);
});
