import { ManualClock } from '@lifeverse/base';
import { describe, expect, it } from 'vitest';
import { networkKey } from './network-key.ts';
import { PeerRate } from './peer-rate.ts';

describe('a peer', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0DB8:0000:0000:ffff::', '2001:db8:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['', 'unknown'],
    ['x', 'unknown'],
    ['1.2.3', 'unknown'],
  ])('%j counts as %j', (address, key) => {
    expect(networkKey(address)).toBe(key);
  });
});

describe('a rate', () => {
  it('lets a burst through, and then what comes in time', () => {
    const clock = new ManualClock();
    const rate = new PeerRate(clock, { burst: 2, perS: 4 });
    expect([rate.take('192.0.2.1'), rate.take('192.0.2.1'), rate.take('192.0.2.1')]).toEqual([0, 0, 250]);
    expect(rate.take('192.0.2.2')).toBe(0);
    clock.advanceTo(249);
    expect(rate.take('192.0.2.1')).toBe(1);
    clock.advanceTo(250);
    expect([rate.take('192.0.2.1'), rate.take('192.0.2.1')]).toEqual([0, 250]);
    clock.advanceTo(60_000);
    expect([rate.take('192.0.2.1'), rate.take('192.0.2.1'), rate.take('192.0.2.1')]).toEqual([0, 0, 250]);
  });

  it('is kept of a bounded number of peers', () => {
    const rate = new PeerRate(new ManualClock(), { burst: 1, perS: 1 }, 2);
    for (const peer of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) expect(rate.take(peer)).toBe(0);
    expect(rate.take('192.0.2.3')).toBe(1_000);
    expect(rate.take('192.0.2.1')).toBe(0);
  });
});
