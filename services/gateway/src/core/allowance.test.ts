import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance } from './allowance.ts';
import { type Guest, PERIOD_MS, TestHall } from './test-hall.ts';

describe('an allowance', () => {
  it('lets a second be sent ahead, and everything again when all but a quarter of one is worked off', () => {
    const allowance = new Allowance(0);
    allowance.bytesPerS = 1_000;
    allowance.spend(1_000);
    expect(allowance.isSpent(0)).toBe(false);
    allowance.spend(1);
    expect([allowance.isSpent(0), allowance.isWorkedOff(750), allowance.isWorkedOff(751)]).toEqual([true, false, true]);
  });

  it('is never owed for longer than four seconds, whatever was sent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e7 }), fc.array(fc.nat({ max: 1e9 })), (bytesPerS, sent) => {
        const allowance = new Allowance(0);
        allowance.bytesPerS = bytesPerS;
        for (const bytes of sent) allowance.spend(bytes);
        expect(allowance.isWorkedOff(4_000)).toBe(true);
      }),
    );
  });

  it('is anything until it is set, and nothing is owed from before', () => {
    const allowance = new Allowance(0);
    allowance.spend(1e9);
    expect([allowance.isSpent(0), allowance.isWorkedOff(0)]).toEqual([false, true]);
    allowance.bytesPerS = 10;
    expect(allowance.isSpent(0)).toBe(false);
  });
});

describe('[GW15] a player who was sent too much', () => {
  const RATE = 4_096;

  /** Bob says more about himself than anybody may be sent: 900 bytes a tick. */
  function noisy(): { hall: TestHall; ann: Guest; busy: (ticks: number) => number } {
    const hall = new TestHall({ costPerS: 10_000, costBurst: 10_000, bytesPerS: 1e6, bytesBurst: 1e6 });
    const [ann, bob] = hall.join('ann', 'bob') as [Guest, Guest];
    const busy = (ticks: number): number => {
      const before = ann.writes.length;
      for (let i = 0; i < ticks; i++) {
        bob.command('wear', { text: `${hall.tick} ${'n'.repeat(900)}` });
        hall.run();
      }
      return ann.writes.slice(before).reduce((sum, bytes) => sum + bytes.length, 0);
    };
    return { hall, ann, busy };
  }

  it('is sent no more than its allowance, is not cut, and sees all again when there is less to see', () => {
    const { hall, ann, busy } = noisy();
    const SECONDS = 30;
    const ticks = (SECONDS * 1_000) / PERIOD_MS;
    expect(busy(ticks)).toBeGreaterThan(SECONDS * RATE * 3);
    hall.bytesPerS = RATE;
    // Followed within a second, and a second may be sent ahead.
    busy(1_000 / PERIOD_MS);
    expect(busy(ticks)).toBeLessThan((SECONDS + 1) * RATE * 1.25);
    expect(hall.gateway.counters.sections_dropped).toBeGreaterThan(100);
    expect(ann.closedWith).toBeNull();
    hall.run(4_000 / PERIOD_MS);
    expect(ann.connection.state.kind).toBe('playing');
    expect(hall.wrongFor(ann)).toEqual([]);
    expect(ann.core.counters).toMatchObject({ errors: 0 });
  });

  it('is sent everything again once the allowance is raised', () => {
    const { hall, ann, busy } = noisy();
    hall.bytesPerS = RATE;
    busy(100);
    hall.bytesPerS = null;
    busy(2_000 / PERIOD_MS);
    const { sections_dropped } = hall.gateway.counters;
    expect(busy(100)).toBeGreaterThan(100 * 900);
    expect(hall.gateway.counters.sections_dropped).toBe(sections_dropped);
    expect(ann.core.counters).toMatchObject({ errors: 0 });
  });
});
