import { expect, it, onTestFinished } from 'vitest';
import { machineMs } from '../system-clock.ts';
import { type AskTime, ServerTime, type TimeOptions, type TimeStanding } from './server-time.ts';

/** Another clock, whose answers a test decides. */
class OtherClock {
  aheadMs = 500;
  uncertaintyMs = 0;
  silent = false;
  readonly ask: AskTime = async () => {
    if (this.silent) throw new Error('gone');
    return { serverMs: machineMs() + this.aheadMs, uncertaintyMs: this.uncertaintyMs };
  };
}

const patient = { timeout: 10_000 };

function follow(other: OtherClock, options: Partial<TimeOptions> = {}) {
  const standings: TimeStanding[] = [];
  const ending = new AbortController();
  const asked = (standing: TimeStanding): number => standings.push(standing);
  const following = { signal: ending.signal, everyMs: 2, asked, ...options };
  const time = ServerTime.start(other.ask, following, () => undefined);
  onTestFinished(async () => {
    ending.abort();
    await time.then(
      (it) => it.stop(),
      () => undefined,
    );
  });
  return { time, last: () => standings.at(-1) };
}

it('waits until it is told, and told well enough', async () => {
  const other = new OtherClock();
  other.silent = true;
  const { time, last } = follow(other, { withinMs: 20 });
  await expect.poll(last, patient).toMatchObject({ uncertaintyMs: Number.POSITIVE_INFINITY, why: 'gone' });
  other.uncertaintyMs = 30;
  other.silent = false;
  await expect.poll(() => last()?.uncertaintyMs, patient).toBeLessThan(50);
  expect(last()?.uncertaintyMs).toBeGreaterThanOrEqual(30);
  other.uncertaintyMs = 3;
  expect((await time).uncertaintyMs()).toBeLessThan(20);
  expect(Math.abs((await time).nowMs() - machineMs() - other.aheadMs)).toBeLessThan(20);
});

it('goes on when nobody tells it any more, and says for how long that has been so', async () => {
  const other = new OtherClock();
  const { time, last } = follow(other);
  const running = await time;
  other.silent = true;
  const [fromMs, fromOwnMs, uncertainMs] = [running.nowMs(), machineMs(), running.uncertaintyMs()];
  await expect.poll(() => last()?.silentMs, patient).toBeGreaterThan(40);
  const passedMs = machineMs() - fromOwnMs;
  expect(running.nowMs() - fromMs).toBeGreaterThan(0.9 * passedMs);
  expect(running.uncertaintyMs()).toBeGreaterThan(uncertainMs);
  other.silent = false;
  await expect.poll(last, patient).toMatchObject({ silentMs: 0, why: null, steppedMs: 0 });
});

it.each([3_600_000, -3_600_000])(
  'says by how much the other clock was set (%d ms), and is uncertain by that',
  async (byMs) => {
    const other = new OtherClock();
    other.aheadMs = 10_000_000;
    const { time, last } = follow(other);
    const running = await time;
    other.aheadMs += byMs;
    await expect.poll(() => last()?.steppedMs, patient).not.toBe(0);
    expect(last()?.steppedMs).toBeCloseTo(byMs, -3);
    expect(running.uncertaintyMs()).toBeGreaterThan(3_599_000);
    expect(running.offsetMs()).toBeCloseTo(0);
  },
);
