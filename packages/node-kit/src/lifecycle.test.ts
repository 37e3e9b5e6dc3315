import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

describe('a lifecycle', () => {
  it('stops in the reverse order of starting, each part once', async () => {
    const order: string[] = [];
    const life = new Lifecycle();
    for (const name of ['bus', 'zone', 'gateway']) {
      await life.start(
        name,
        () => order.push(`+${name}`),
        () => {
          order.push(`-${name} ${life.stoppingPart}`);
        },
      );
    }
    await Promise.all([life.stop(), life.stop()]);
    expect(order).toEqual(['+bus', '+zone', '+gateway', '-gateway gateway', '-zone zone', '-bus bus']);
  });

  it('stops what was started when a later part fails to start, and all parts when one fails to stop', async () => {
    const order: string[] = [];
    const life = new Lifecycle();
    const stop = (name: string) => () => {
      order.push(name);
      if (name === 'zone') throw new Error('stuck');
    };
    await life.start('bus', () => 1, stop('bus'));
    await life.start('zone', () => 2, stop('zone'));
    await expect(life.start('gateway', () => Promise.reject(new Error('port taken')), stop('gateway'))).rejects.toThrow(
      'port taken',
    );
    await expect(life.stop()).rejects.toThrow('stuck');
    expect(order).toEqual(['zone', 'bus']);
  });
});

/** A process with one part that stops as told, and says when it is ready for signals. */
function start(stop: string, drain = '', withinMs = 60_000) {
  const script = `
    import { Lifecycle, stopOnSignal } from ${JSON.stringify(import.meta.resolve('./lifecycle.ts'))};
    import { createLog } from ${JSON.stringify(import.meta.resolve('./log.ts'))};
    const life = new Lifecycle();
    const alive = setInterval(() => {}, 1000);
    await life.start('zone', () => 1, async () => { console.log('stopping'); ${stop} });
    const log = createLog({ role: 'test', level: 'info' });
    const code = stopOnSignal(life, { log, stopWithinMs: 5000, exit: process.exit${drain === '' ? '' : `, drain: { withinMs: ${withinMs}, run: ${drain} }`} });
    console.log('ready');
    process.exitCode = await code;
    clearInterval(alive);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const hears = async (word: string): Promise<void> => {
    while (!said.includes(word)) await once(child.stdout, 'data');
  };
  return { child, hears, said: () => said, ended: once(child, 'close') };
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s stops cleanly', async (signal) => {
    const { child, hears, ended } = start('');
    await hears('ready');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  it('a second interrupt ends at once, however long a part takes', async () => {
    const { child, hears, ended } = start('await new Promise(() => {})');
    await hears('ready');
    child.kill('SIGINT');
    await hears('stopping');
    const again = setInterval(() => child.kill('SIGINT'), 100);
    expect(await ended).toEqual([130, null]);
    clearInterval(again);
  });

  it('a part that fails to stop makes the exit code 1', async () => {
    const { child, hears, ended } = start('throw new Error("stuck")');
    await hears('ready');
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
  });

  const drain = `async (signal) => {
    console.log('draining');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    console.log('drained');
  }`;

  it('a request to terminate drains first, which another one ends', async () => {
    const { child, hears, ended } = start('', drain);
    await hears('ready');
    child.kill('SIGTERM');
    await hears('draining');
    const again = setInterval(() => child.kill('SIGTERM'), 400);
    await hears('drained');
    clearInterval(again);
    await hears('stopping');
    expect(await ended).toEqual([0, null]);
  });

  it('an interrupt does not drain, and draining has an end', async () => {
    const one = start('', drain);
    await one.hears('ready');
    one.child.kill('SIGINT');
    expect(await one.ended).toEqual([0, null]);
    expect(one.said()).toBe('ready\nstopping\n');
    const other = start('', drain, 500);
    await other.hears('ready');
    other.child.kill('SIGTERM');
    await other.hears('drained');
    expect(await other.ended).toEqual([0, null]);
  });
});
