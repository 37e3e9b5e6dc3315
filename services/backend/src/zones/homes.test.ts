import { evenZones, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Homes, homesOf, type KnownGateway, unevenness } from './homes.ts';

const eight = evenZones(8, 32, 16);
const order = zonesIn(eight);
const evenly = new Map(order.map((zone) => [zone, 100]));
const none: Homes = new Map();
const named = (...names: string[]): KnownGateway[] =>
  names.map((name) => ({ address: `https://${name}.example`, region: '' }));
/** The zones of each gateway, by the first letter of its name, in the order of the tree. */
const parts = (homes: Homes, zones: ZoneTree = eight): string =>
  zonesIn(zones)
    .map((zone) => (homes.get(zone) ?? []).map((address) => address[8]).join(''))
    .join(' ');

describe('[WO77] gateways have players by where these are', () => {
  it('each a part of the world that hangs together, about as many players each', () => {
    expect(parts(homesOf(eight, evenly, named('b', 'a'), none))).toBe('a a a a b b b b');
    expect(parts(homesOf(eight, evenly, named('a', 'b', 'c', 'd'), none))).toBe('a a b b c c d d');
    const crowded = new Map([...evenly, [order[0] as number, 700]]);
    expect(parts(homesOf(eight, crowded, named('a', 'b'), none))).toBe('a b b b b b b b');
  });

  it('several of them those of a zone that is too much for one', () => {
    const crowded = new Map([...evenly, [order[7] as number, 2_100]]);
    expect(parts(homesOf(eight, crowded, named('a', 'b', 'c', 'd'), none))).toBe('a a a a a a a bcd');
    expect(parts(homesOf({ zone: 1 }, new Map([[1, 40]]), named('a', 'b'), none), { zone: 1 })).toBe('ab');
  });

  it('of each region all of the world', () => {
    const east = named('a', 'b').map((each) => ({ ...each, region: 'east' }));
    const west = named('c').map((each) => ({ ...each, region: 'west' }));
    expect(parts(homesOf(eight, evenly, [...west, ...east], none))).toBe('ac ac ac ac bc bc bc bc');
  });

  it('and keep their places when others come and go', () => {
    const before = homesOf(eight, evenly, named('d', 'c', 'b'), none);
    expect(parts(before)).toBe('b b b c c d d d');
    const joined = homesOf(eight, evenly, named('a', 'b', 'c', 'd'), before);
    expect(parts(joined)).toBe('b b c c d d a a');
    expect(parts(homesOf(eight, evenly, named('a', 'c', 'd'), joined))).toBe('c c c d d a a a');
  });

  it('where there is nobody, nobody is to be sent anywhere', () => {
    expect(parts(homesOf(eight, evenly, [], none))).toBe('       ');
  });

  it('always: every zone has one of each region, every one is known, and none has twice its share but of a zone alone', () => {
    const crowds = fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(crowds, fc.integer({ min: 1, max: 9 }), (crowd, count) => {
        const zones = evenZones(crowd.length, 64, 64);
        const players = new Map(zonesIn(zones).map((zone, at) => [zone, crowd[at] as number]));
        const gateways = named(...'abcdefghi'.slice(0, count));
        const homes = homesOf(zones, players, gateways, none);
        expect([...homes.keys()]).toEqual(zonesIn(zones));
        for (const found of homes.values()) expect(found.length).toBeGreaterThan(0);
        const known = new Set(gateways.map(({ address }) => address));
        expect([...homes.values()].flat().every((address) => known.has(address))).toBe(true);
        expect(homesOf(zones, players, gateways, homes).size).toBe(crowd.length);
      }),
    );
  });
});

it('tells by how much one has more than its share', () => {
  const homes = homesOf(eight, evenly, named('a', 'b'), none);
  expect(unevenness(eight, evenly, named('a', 'b'), homes)).toBeCloseTo(1, 5);
  const crowded = new Map([...evenly, [order[0] as number, 901]]);
  expect(unevenness(eight, crowded, named('a', 'b'), homes)).toBeCloseTo((2 * (904 + 301)) / (904 + 301 + 404), 1);
  expect(unevenness(eight, evenly, [], none)).toBe(1);
});
