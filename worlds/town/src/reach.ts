import { ground, type Site } from './site.ts';

/** One for every tile that can be walked to from `start`, over sides of tiles. */
export function reachableFrom(site: Pick<Site, 'side' | 'solid'>, start: number): Uint8Array {
  const { side, solid } = site;
  const reached = new Uint8Array(side * side);
  const queue = new Int32Array(side * side);
  let head = 0;
  let tail = 0;
  const visit = (tile: number): void => {
    if (reached[tile] === 1 || solid[tile] === 1) return;
    reached[tile] = 1;
    queue[tail++] = tile;
  };
  visit(start);
  while (head < tail) {
    const tile = queue[head++] as number;
    const x = tile % side;
    if (x > 0) visit(tile - 1);
    if (x < side - 1) visit(tile + 1);
    if (tile >= side) visit(tile - side);
    if (tile < side * (side - 1)) visit(tile + side);
  }
  return reached;
}

/** Fills what nobody can reach with shrubs, so that whoever stands somewhere can go everywhere. */
export function closePockets(site: Site, start: number): void {
  const reached = reachableFrom(site, start);
  for (let tile = 0; tile < reached.length; tile++) {
    if (reached[tile] === 1 || site.solid[tile] === 1) continue;
    const x = tile % site.side;
    site.ground[tile] = ground.grass;
    site.put('hedge', { x, y: (tile - x) / site.side, w: 1, h: 1 }, 1);
  }
}
