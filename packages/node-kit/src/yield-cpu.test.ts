import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { yieldCpu } from './yield-cpu.ts';

it.runIf(process.platform === 'linux')(
  'makes a process nicer, up to the nicest, and lets be who has ended',
  async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const pid = child.pid as number;
    const before = getPriority(pid);
    yieldCpu(3, pid);
    expect(getPriority(pid)).toBe(Math.min(19, before + 3));
    yieldCpu(30, pid);
    expect(getPriority(pid)).toBe(19);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(() => yieldCpu(1, pid)).not.toThrow();
  },
);
