import { expect, it } from 'vitest';
import { FrameMeter } from './frame-meter.ts';

it('knows shares of the last frames, their number a second, and nothing before there is one', () => {
  const meter = new FrameMeter();
  expect([meter.fps, meter.scriptMs(0.5), meter.lastScriptMs()]).toEqual([0, 0, []]);
  for (let i = 0; i < 300; i++) meter.frame(i * 20, i * 20 + (i % 10));
  expect(meter.frames).toBe(300);
  expect(meter.fps).toBeCloseTo(50);
  expect(meter.scriptMs(0.5)).toBe(5);
  expect(meter.scriptMs(0.95)).toBe(9);
  expect(meter.lastScriptMs()).toHaveLength(240);
  expect(meter.lastScriptMs().slice(-3)).toEqual([7, 8, 9]);
});
