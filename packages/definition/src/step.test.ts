import { Random } from '@lifeverse/base';
import { compileField, fingerprint, type MessageLayout } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { plain, TileMap } from './map.ts';
import { predictedStep, walker } from './step.ts';
import { compileStepInput } from './step-input.ts';

const options = { tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, walk: 1.4, run: 6 } } as const;
const steer = walker(options);

describe('walking', () => {
  it('goes so many millimetres a tick, towards the heading', () => {
    const map = plain({ areaM2: 10_000 });
    const body = { x: 50_000, y: 50_000 };
    steer.run(body, { towards: 0, pace: 'run' }, map, 256);
    expect(body).toEqual({ x: 50_300, y: 50_000 });
    steer.run(body, { towards: 256, pace: 'walk' }, map, 256);
    expect(body).toEqual({ x: 50_300, y: 50_070 });
    steer.run(body, { towards: 512, pace: 'run' }, map, 128);
    expect(body).toEqual({ x: 50_150, y: 50_070 });
    steer.run(body, { towards: 512, pace: 'stand' }, map, 256);
    expect(body).toEqual({ x: 50_150, y: 50_070 });
  });

  it('ends at the same millimetre in every engine: a long walk among walls, pinned', () => {
    const random = new Random(7331);
    const solid = Array.from({ length: 40 * 40 }, (_, tile) => tile).filter(
      (tile) => tile !== 820 && random.chance(0.2),
    );
    const map = new TileMap({ tileM: 1, columns: 40, rows: 40, solid, spawns: [820] });
    const body = { ...(map.spawns[0] as { x: number; y: number }) };
    const trail: string[] = [];
    let input = { towards: 0, pace: 'run' as 'walk' | 'run' };
    for (let tick = 0; tick < 20_000; tick++) {
      if (random.chance(0.1)) input = { towards: random.below(1_024), pace: random.pick(['walk', 'run']) };
      steer.run(body, input, map, random.pick([256, 256, 256, 200, 128]));
      trail.push(`${body.x},${body.y}`);
    }
    expect(new Set(trail).size).toBeGreaterThan(5_000);
    expect(fingerprint(trail.join(' '))).toBe('e957e787c29f84ea');
  });

  it('has a fingerprint of what it computes', () => {
    const others = [
      { ...options, tickHz: 10 },
      { ...options, radiusM: 0.4 },
      { ...options, paceMps: { stand: 0, walk: 1.4, run: 7 } },
    ];
    expect(new Set([options, ...others].map((one) => walker(one).fingerprint)).size).toBe(4);
    expect(walker(options).fingerprint).toBe(steer.fingerprint);
    expect(steer.radiusMm).toBe(300);
  });
});

it('a step of one\u2019s own is known by its name and version', () => {
  const fly = (version: number) => predictedStep<object>({ name: 'fly', version, radiusM: 0.5 }, () => {});
  expect(fly(1).fingerprint).not.toBe(fly(2).fingerprint);
  expect([fly(1).fingerprint, fly(1).radiusMm]).toEqual([fly(1).fingerprint, 500]);
});

it('a step receives headings as integers and all else as the game sees it', () => {
  const layout: MessageLayout = {
    number: 1,
    name: 'walk',
    fields: [
      { number: 1, name: 'towards', layout: { kind: 'heading' } },
      { number: 2, name: 'pace', layout: { kind: 'choice', options: ['stand', 'run'] } },
      { number: 3, name: 'load', layout: { kind: 'integer', min: 5, max: 9 } },
    ],
  };
  const stepInput = compileStepInput(layout);
  expect(stepInput({ towards: 256, pace: 1, load: 2 })).toEqual({ towards: 256, pace: 'run', load: 7 });
  expect(stepInput({})).toEqual({ towards: 0, pace: 'stand', load: 5 });
  expect(compileField({ kind: 'heading' }).fromRaw(256)).toBeCloseTo(Math.PI / 2);
});
