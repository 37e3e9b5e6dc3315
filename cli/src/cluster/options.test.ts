import { readOptions } from '@lifeverse/node-kit';
import { expect, it } from 'vitest';
import { checkCluster, clusterOptions, publicUrlOf, regionOf } from './options.ts';

const given = (...argv: readonly string[]) => readOptions(clusterOptions, argv, {});
const urls = ['https://g1.play.example', 'https://g2.play.example'] as const;

it.each([
  ['where they listen, on this machine', [], 'listening'],
  ['where they listen, at one address', ['--host', '192.0.2.1'], 'listening'],
  ['nothing when they listen at every address', ['--host', '::'], null],
  ['nothing behind one address for all', ['--public-url', 'https://play.example'], null],
  ['what was named', ['--public-url', 'https://play.example', '--gateway-urls', urls.join(',')], urls[1]],
])('gateways tell players %s', (_what, argv, told) => {
  expect(publicUrlOf(given(...argv), 1)).toBe(told);
});

it('all gateways are named, or none', () => {
  expect(() => checkCluster(given('--gateway-urls', urls.join(), '--gateways', '3'))).toThrow(
    '--gateway-urls names 2 of --gateways 3: it names all of them, or none.',
  );
  checkCluster(given('--gateway-urls', urls.join()));
});

it('an address that is none is refused', () => {
  expect(() => given('--gateway-urls', 'https://g1.play.example/world')).toThrow(/^--gateway-urls must be addresses/);
});

it('members stand in the regions in turn, or all in one', () => {
  const turns = (...argv: readonly string[]) => [0, 1, 2].map((index) => regionOf(given(...argv), index));
  expect(turns('--regions', 'west,east')).toEqual(['west', 'east', 'west']);
  expect(turns('--region', 'west')).toEqual(['west', 'west', 'west']);
  expect(turns()).toEqual([null, null, null]);
  expect(() => given('--regions', 'a b')).toThrow(/^--regions must be names/);
});
