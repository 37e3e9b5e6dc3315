import { expect, it } from 'vitest';
import { addressKey, hostAndPort, isLoopback } from './address.ts';

it.each([
  ['127.0.0.2', '127.0.0.2'],
  ['::ffff:127.0.0.2', '127.0.0.2'],
  ['::1', '::1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::2', '0:0:0:0'],
])('%s is counted as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

it('knows this machine', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['128.0.0.1', '::2', '::ffff:10.0.0.1', '1270.0.0.1'].map(isLoopback)).toEqual([false, false, false, false]);
});

it('writes an address as a URL has it', () => {
  expect([hostAndPort('127.0.0.1', 80), hostAndPort('::1', 80)]).toEqual(['127.0.0.1:80', '[::1]:80']);
});
