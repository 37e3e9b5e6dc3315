import { expect, it } from 'vitest';
import { type Guest, PERIOD_MS, TestHall } from './test-hall.ts';

const SECOND = 1_000 / PERIOD_MS;

/** Bob turns and says something new about himself in every tick. */
function busy(hall: TestHall, bob: Guest, ticks: number): void {
  for (let i = 0; i < ticks; i++) {
    bob.command('wear', { text: `${hall.tick}` });
    bob.walk(hall.tick);
    hall.run();
  }
}

it.each([
  [20, 20],
  [120, 20],
  [8, 8],
  [5, 5],
  [1, 1],
])('[WO40] at %i updates a second, changes come in %i ticks of a second', (updateHz, told) => {
  const hall = new TestHall({ costPerS: 10_000, costBurst: 10_000, bytesPerS: 1e6, bytesBurst: 1e6 });
  const [ann, bob] = hall.join('ann', 'bob') as [Guest, Guest];
  hall.updateHz = updateHz;
  busy(hall, bob, SECOND);
  const notes = new Set<unknown>();
  for (let i = 0; i < 3 * SECOND; i++) {
    busy(hall, bob, 1);
    notes.add(ann.core.entities.get(bob.id)?.shadow.components[0]);
  }
  // One more: what was told before.
  expect(Math.abs(notes.size - 3 * told)).toBeLessThanOrEqual(1);
  expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
});

it('[WO40] whoever comes, goes, jumps or changes between two tellings is right after the next', () => {
  const hall = new TestHall({ costPerS: 10_000, costBurst: 10_000, bytesPerS: 1e6, bytesBurst: 1e6 });
  hall.updateHz = 3;
  const [ann, bob, carol] = hall.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
  hall.run(SECOND);
  for (let round = 0; round < 40; round++) {
    bob.command('go', { x: `${250 + (round % 7) * 20}`, y: '250' });
    hall.run(round % 3);
    carol.command('wear', { text: `round ${round}` });
    // Where Ann sees him; before, not always.
    bob.command('go', { x: `${250 + (round % 5) * 10}`, y: '260' });
    hall.run(1 + (round % 4));
    if (round % 10 === 9) {
      const [dave] = hall.join(`dave ${round}`) as [Guest];
      hall.run(round % 2);
      dave.send({ type: 'leave' });
    }
    hall.run(Math.ceil(SECOND / 3) + 1);
    expect(hall.wrongFor(ann)).toEqual([]);
    expect(ann.core.entities.get(carol.id)?.shadow.components).toEqual([`round ${round}`]);
  }
  for (const { core } of [ann, bob, carol]) expect(core.counters).toMatchObject({ errors: 0 });
});
