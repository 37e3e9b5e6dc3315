import { subjects } from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { publishTelemetry } from './telemetry-publisher.ts';
import { decodeTelemetry } from './telemetry-report.ts';

it('a role says how it is doing, again and again', async () => {
  const bus = new LocalBus();
  let asked = 0;
  const heard: ReturnType<typeof decodeTelemetry>[] = [];
  const thrice = new Promise<void>((resolve) => {
    bus.subscribe(subjects.telemetry, (bytes) => {
      if (heard.push(decodeTelemetry(bytes)) === 3) resolve();
    });
  });
  const end = publishTelemetry({
    bus,
    role: 'zone',
    instance: 'zone-1',
    everyMs: 5,
    clock: { nowMs: () => 1, uncertaintyMs: () => 3, offsetMs: () => -2 },
    figures: () => ({ counters: { ticks: ++asked }, gauges: { players: 2 }, samples: { step_ms: [asked] } }),
  });
  await thrice;
  end();
  expect(heard.slice(0, 3).map((report) => report?.counters.ticks)).toEqual([1, 2, 3]);
  expect(heard[2]).toMatchObject({
    role: 'zone',
    instance: 'zone-1',
    counters: { ticks: 3, bus_dropped: 0, bus_behind: 0 },
    gauges: { players: 2, clock_uncertainty_ms: 3, clock_offset_ms: -2 },
    samples: { step_ms: [3] },
  });
  expect(heard[2]?.gauges.event_loop_delay_max_ms).toBeGreaterThanOrEqual(0);
});

it('what is no report is none', () => {
  const report = { role: 'zone', instance: 'z', counters: { a: 1 }, gauges: {}, samples: { b: [1] } };
  const decode = (value: unknown) => decodeTelemetry(new TextEncoder().encode(JSON.stringify(value)));
  expect(decode(report)).toEqual(report);
  for (const wrong of [
    null,
    [],
    { ...report, role: 'player' },
    { ...report, instance: '' },
    { ...report, counters: { a: '1' } },
    { ...report, counters: [1] },
    { ...report, samples: { b: 1 } },
    { ...report, samples: { b: [null] } },
    { ...report, samples: { b: Array(100_001).fill(1) } },
    { ...report, instance: 'z'.repeat(65) },
    { ...report, gauges: { ['z'.repeat(65)]: 1 } },
    { ...report, gauges: undefined },
  ]) {
    expect(decode(wrong)).toBeUndefined();
  }
  const endless = JSON.stringify(report).replace('"a":1', '"a":1e999');
  expect(decodeTelemetry(new TextEncoder().encode(endless))).toBeUndefined();
  expect(decodeTelemetry(Uint8Array.of(0xff, 0x7b))).toBeUndefined();
});
