import { describe, expect, it } from 'vitest';
import { NORMAL_RATE, nextRate } from './dilation.ts';
import { east, RUN_MM_PER_TICK, SPAWN, TestZone } from './test-zone.ts';

describe('[WO9] time', () => {
  it('slows by an eighth for a busy second, down to half', () => {
    const rates = [NORMAL_RATE];
    for (let i = 0; i < 6; i++) rates.push(nextRate(rates.at(-1) as number, 0.96));
    expect(rates).toEqual([256, 224, 192, 160, 128, 128, 128]);
  });

  it('recovers slowly, and not beyond what is normal', () => {
    let rate = 128;
    let seconds = 0;
    for (; rate < NORMAL_RATE; seconds++) rate = nextRate(rate, 0.5);
    expect([rate, seconds]).toEqual([256, 32]);
    expect(nextRate(NORMAL_RATE, 0)).toBe(NORMAL_RATE);
  });

  it('stays as it is in between', () => {
    for (const load of [0.7, 0.8, 0.95]) expect(nextRate(200, load)).toBe(200);
  });

  it('scales the step, not the numbering of ticks, and is in every bundle', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ann = voice.join(1, 'ann');
    zone.zone.rate = 128;
    voice.input(1, 1, zone.tick + 1, ['walk', east]);
    zone.run(4);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 2 * RUN_MM_PER_TICK, y: SPAWN.y });
    expect(voice.bundles.slice(1).map(({ tick, rate }) => [tick, rate])).toEqual(
      [2, 3, 4, 5].map((tick) => [tick, 128]),
    );
    expect(zone.zone.gauges()).toMatchObject({ rate: 128 });
  });
});
