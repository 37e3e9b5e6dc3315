import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runBounded } from './bounded-command.ts';

const node = (code: string, msMax = 20_000) =>
  runBounded({ command: process.execPath, args: ['-e', code], cwd: tmpdir(), msMax, output: 'collect' });

/** A killed orphan may wait for its new parent to take note of it: that is not running. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

it('gives back what was printed and how it ended', async () => {
  const result = await node("console.log('a'); console.error('b'); process.exitCode = 3;");
  expect(result).toMatchObject({ code: 3, timedOut: false, stdout: 'a\n', stderr: 'b\n' });
});

it('ends what does not end, and what that has started', async () => {
  const grandchild = "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])";
  const result = await node(`console.log(${grandchild}.pid); setInterval(() => {}, 1000);`, 1_500);
  expect(result).toMatchObject({ code: null, timedOut: true });
  await expect.poll(() => isRunning(Number(result.stdout))).toBe(false);
});

it('does not wait for what a finished command left running', async () => {
  const grandchild =
    "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })";
  const result = await node(`const left = ${grandchild}; console.log(left.pid); left.unref(); process.exitCode = 0;`);
  expect(result).toMatchObject({ code: 0, timedOut: false });
  await expect.poll(() => isRunning(Number(result.stdout))).toBe(false);
});

it('says so when there is no such command', async () => {
  const command = {
    command: 'no-such-command-here',
    args: [],
    cwd: tmpdir(),
    msMax: 1_000,
    output: 'collect' as const,
  };
  await expect(runBounded(command)).rejects.toThrow('ENOENT');
});
