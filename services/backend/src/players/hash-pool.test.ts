import { argon2Sync } from 'node:crypto';
import { SystemClock } from '@lifeverse/node-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { owaspParameters, parametersOfText, phcString, textOfParameters } from './argon2-parameters.ts';
import { HashPool, HashPoolBusy } from './hash-pool.ts';

const opened: HashPool[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
});

function pool(processes: number, waiting: number): HashPool {
  const made = new HashPool({ clock: new SystemClock(), processes, waiting });
  opened.push(made);
  return made;
}

const salt = Buffer.from('a salt of the 16');
const light = { memoryKiB: 8, passes: 1, lanes: 1 };

describe('the pool', () => {
  it('computes what argon2id is', async () => {
    const hash = await pool(1, 1).hash('password', salt, owaspParameters);
    const expected = argon2Sync('argon2id', {
      message: 'password',
      nonce: salt,
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    expect(Buffer.from(hash)).toEqual(expected);
  });

  it('lets so many in and so many wait, and tells the others when to come again', async () => {
    const bounded = pool(2, 1);
    const answers = await Promise.allSettled(Array.from({ length: 9 }, () => bounded.hash('p', salt, owaspParameters)));
    expect(answers.map(({ status }) => status)).toEqual([
      ...new Array(5).fill('fulfilled'),
      ...new Array(4).fill('rejected'),
    ]);
    for (const answer of answers.slice(5)) {
      const { reason } = answer as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(HashPoolBusy);
      expect((reason as HashPoolBusy).retryAfterMs).toBeGreaterThan(0);
    }
    expect(await bounded.hash('p', salt, light)).toHaveLength(32);
    expect(Object.fromEntries(bounded.counts)).toEqual({ 'm=19456,t=2,p=1': 5, 'm=8,t=1,p=1': 1 });
  });

  it('leaves the event loop free', async () => {
    const busy = pool(1, 1);
    let turns = 0;
    let done = false;
    const turn = (): void => {
      turns++;
      if (!done) setImmediate(turn);
    };
    turn();
    await busy.hash('p', salt, { memoryKiB: 65_536, passes: 4, lanes: 1 });
    done = true;
    expect(turns).toBeGreaterThan(100);
  });

  it('fails one hash that cannot be computed, and goes on', async () => {
    const one = pool(1, 4);
    const failed = one.hash('p', Buffer.from('short'), light);
    const next = one.hash('p', salt, light);
    await expect(failed).rejects.toThrow();
    expect(await next).toHaveLength(32);
  });

  it('refuses whoever waits when it is closed, and whoever comes later', async () => {
    const closing = pool(1, 2);
    const waiting = [0, 1, 2].map(() => closing.hash('p', salt, owaspParameters));
    const settled = Promise.allSettled(waiting);
    await closing.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(closing.hash('p', salt, light)).rejects.toThrow('closed');
  });
});

describe('parameters', () => {
  it('are read as they are written, and nothing else is', () => {
    expect(parametersOfText(textOfParameters(owaspParameters))).toEqual(owaspParameters);
    for (const text of ['', 'm=1,t=1', 'm=0,t=1,p=1', 'm=1,t=1,p=1 ', 'm=99999999,t=1,p=1', 'm=-1,t=1,p=1']) {
      expect(() => parametersOfText(text)).toThrow();
    }
  });

  it('stand in a PHC string, in base64 without padding', () => {
    expect(phcString(owaspParameters, Buffer.from([255, 254]), Buffer.from([0]))).toBe(
      '$argon2id$v=19$m=19456,t=2,p=1$//4$AA',
    );
  });
});
