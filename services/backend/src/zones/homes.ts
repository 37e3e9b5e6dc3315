import { type ZoneTree, zonesIn } from '@lifeverse/contracts';

/** A gateway that takes players, by its address. */
export interface KnownGateway {
  readonly address: string;
  /** Empty: nobody has said. */
  readonly region: string;
}

export type Homes = ReadonlyMap<number, readonly string[]>;

/** What an empty zone counts, in players: somebody may come any moment. */
const ZONE = 1;

/**
 * Which gateways are to have the players of which zones, so that each reads a part of the world that hangs together: within a
 * region the zones, in the order of the tree, are laid end to end by how many players they have, and so are the gateways, all
 * alike. A zone has the gateway that lies beside most of it, and every other half of which lies beside it. Who had zones before keeps
 * its place among the others, so that few players have to go.
 */
export function homesOf(
  zones: ZoneTree,
  players: ReadonlyMap<number, number>,
  gateways: readonly KnownGateway[],
  before: Homes,
): Homes {
  const all = zonesIn(zones);
  const homes = new Map(all.map((zone): [number, string[]] => [zone, []]));
  for (const region of [...new Set(gateways.map((each) => each.region))].toSorted()) {
    const addresses = gateways.filter((each) => each.region === region).map(({ address }) => address);
    const order = inOrder([...new Set(addresses)], all, before);
    for (const [zone, found] of beside(spansOf(all, players), order)) homes.get(zone)?.push(...found);
  }
  return homes;
}

/** Where it had zones before, on average: in the order of the tree. Who had none comes last. */
function inOrder(addresses: readonly string[], zones: readonly number[], before: Homes): string[] {
  const placeOf = (address: string): number => {
    const places = zones.flatMap((zone, at) => (before.get(zone)?.includes(address) ? [at] : []));
    return places.length === 0 ? zones.length : places.reduce((sum, at) => sum + at, 0) / places.length;
  };
  const places = new Map(addresses.map((address) => [address, placeOf(address)]));
  const place = (address: string): number => places.get(address) as number;
  return addresses.toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

interface ZoneSpan {
  readonly zone: number;
  readonly from: number;
  readonly to: number;
}

/** Of all that there is to have: from 0 to 1. */
function spansOf(zones: readonly number[], players: ReadonlyMap<number, number>): ZoneSpan[] {
  const weights = zones.map((zone) => ZONE + (players.get(zone) ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let from = 0;
  return zones.map((zone, at) => {
    const to = from + (weights[at] as number) / total;
    const span = { zone, from, to };
    from = to;
    return span;
  });
}

function* beside(spans: readonly ZoneSpan[], order: readonly string[]): Generator<[zone: number, found: string[]]> {
  const share = 1 / order.length;
  for (const { zone, from, to } of spans) {
    const shared = order.map((_, at) => Math.min(to, (at + 1) * share) - Math.max(from, at * share));
    const most = Math.max(...shared);
    yield [zone, order.filter((_, at) => at === shared.indexOf(most) || (shared[at] as number) >= share / 2)];
  }
}

/** By how much the fullest gateway of a region has more than its share, if all were where they are to be: 1 is none. */
export function unevenness(
  zones: ZoneTree,
  players: ReadonlyMap<number, number>,
  gateways: readonly KnownGateway[],
  homes: Homes,
): number {
  let worst = 1;
  for (const region of new Set(gateways.map((each) => each.region))) {
    const loads = new Map(gateways.filter((each) => each.region === region).map(({ address }) => [address, 0]));
    for (const zone of zonesIn(zones)) {
      const own = (homes.get(zone) ?? []).filter((address) => loads.has(address));
      for (const address of own)
        loads.set(address, (loads.get(address) as number) + (ZONE + (players.get(zone) ?? 0)) / own.length);
    }
    const total = [...loads.values()].reduce((sum, load) => sum + load, 0);
    if (total > 0) worst = Math.max(worst, (Math.max(...loads.values()) * loads.size) / total);
  }
  return worst;
}
