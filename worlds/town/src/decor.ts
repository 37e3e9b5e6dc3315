import { Random } from '@lifeverse/base';
import { doorOf } from './blocks/houses.ts';
import { planTown, type TownPlan, USUAL_AREA_M2 } from './plan.ts';
import { ground, type Rect, type Thing } from './site.ts';

export type { Rect, Thing };

/** Everything below is for drawing alone; it agrees with what collides because it is read off the same plan. */

/** A building fills its footprint; seen from the south: a front of `frontM`, above and behind it the roof. */
export interface Building extends Rect {
  readonly kind: 'house' | 'hall' | 'chapel';
  readonly frontM: number;
  readonly storeys: 1 | 2;
  readonly roofShape: 'across' | 'hip' | 'gable';
  /** Indexes into whatever palette the artist chooses; each below 8. */
  readonly wall: number;
  readonly roof: number;
  readonly trim: number;
  readonly timber: boolean;
  /** Striped cloth above a shop's window, its colour; null for a home. */
  readonly awning: number | null;
  readonly flowers: boolean;
  readonly dormer: boolean;
  /** Metres from the western edge. */
  readonly doorM: number;
  readonly chimneyM: number | null;
}

export interface Tree {
  /** Foot of the trunk, metres. */
  readonly x: number;
  readonly y: number;
  readonly species: 'leafy' | 'round' | 'slim' | 'fruit' | 'fir';
  /** 0.8 to 1.25 of the usual size. */
  readonly size: number;
  readonly tint: number;
}

export interface Decor {
  readonly side: number;
  readonly ground: Uint8Array;
  readonly buildings: readonly Building[];
  readonly trees: readonly Tree[];
  /** Everything else that stands on the ground. */
  readonly things: readonly Thing[];
  /** Where a chimney smokes, metres, at its top. */
  readonly smoke: readonly { readonly x: number; readonly y: number }[];
  /** Middles of fountains, with their radius. */
  readonly fountains: readonly { readonly x: number; readonly y: number; readonly radiusM: number }[];
}

/** How far the land outside the wall is drawn, metres. */
export const OUTSKIRTS_M = 28;

const roofShapes = ['across', 'hip', 'gable', 'across'] as const;
const gardenTrees = ['leafy', 'round', 'leafy', 'fruit'] as const;
const parkTrees = ['leafy', 'round', 'fir', 'slim'] as const;

function building(thing: Thing): Building {
  const { kind, x, y, w, h, variant } = thing;
  const rect = { x, y, w, h };
  if (kind === 'hall') {
    const front = { frontM: 4.6, storeys: 2, roofShape: 'hip', wall: 0, roof: 3, trim: 1, timber: false } as const;
    return { ...rect, ...front, kind, awning: null, flowers: true, dormer: false, doorM: w / 2, chimneyM: null };
  }
  if (kind === 'chapel') {
    const front = { frontM: 4.4, storeys: 1, roofShape: 'gable', wall: 6, roof: 4, trim: 3, timber: false } as const;
    return {
      ...rect,
      ...front,
      kind,
      awning: null,
      flowers: false,
      dormer: false,
      doorM: (w >> 1) + 0.5,
      chimneyM: null,
    };
  }
  const storeys = h >= 8 && (variant & 3) !== 0 ? 2 : 1;
  const roofShape = w > 9 ? 'across' : (roofShapes[(variant >> 2) & 3] as Building['roofShape']);
  return {
    ...rect,
    kind: 'house',
    storeys,
    frontM: storeys === 2 ? 4.3 : 2.7,
    roofShape,
    wall: (variant >> 4) & 7,
    roof: (variant * 5 + x * 3 + y) & 7,
    trim: (variant >> 7) & 7,
    timber: (variant >> 3) % 3 === 0,
    awning: (variant >> 5) % 4 === 0 ? (variant >> 8) & 7 : null,
    flowers: (variant >> 6) % 2 === 0,
    dormer: roofShape === 'across' && w >= 7 && (variant >> 9) % 2 === 0,
    doorM: doorOf(w),
    chimneyM: variant % 5 === 0 ? null : (variant & 64) === 0 ? 1.3 : w - 1.6,
  };
}

/** The variants' hundreds tell where a tree was planted: gardens and quays, along streets, or in an orchard. */
function tree(thing: Thing): Tree {
  const { x, y, variant } = thing;
  const species =
    variant >= 768
      ? 'fruit'
      : variant >= 512
        ? 'round'
        : (variant & 256) !== 0
          ? parkTrees[variant & 3]
          : gardenTrees[variant & 3];
  return {
    x: x + 0.5,
    y: y + 0.25,
    species: species ?? 'leafy',
    size: 0.8 + ((variant >> 2) & 15) * 0.03,
    tint: variant & 7,
  };
}

/** A wood outside the wall, thicker the farther out. */
function wood(side: number, plan: TownPlan): Tree[] {
  const random = new Random(side * 31 + 7);
  const trees: Tree[] = [];
  for (let y = -OUTSKIRTS_M - 4; y < side + OUTSKIRTS_M + 2; y += 4) {
    for (let x = -OUTSKIRTS_M - 4; x < side + OUTSKIRTS_M + 4; x += 4) {
      const tx = x + random.between(0, 3);
      const ty = y + random.between(0, 3);
      const out = Math.max(-tx, tx - side, -ty - 2, ty - side);
      const odds = random.float();
      const species = parkTrees[random.below(4)] as Tree['species'];
      const detail = { size: random.between(0.85, 1.25), tint: random.below(8) };
      if (out < 4 || odds > (out - 2) / 16 || isWater(plan, tx)) continue;
      trees.push({ x: tx, y: ty, species, ...detail });
    }
  }
  return trees;
}

/** The canal runs on beyond the wall as it is at the wall. */
function isWater(plan: TownPlan, x: number): boolean {
  for (const dx of [-3, 0, 3])
    if (plan.ground[Math.min(plan.side - 1, Math.max(0, Math.floor(x + dx)))] === ground.water) return true;
  return false;
}

/** What to draw of a town; the options are those of its world. */
export function townDecor(options: { readonly areaM2?: number } = {}): Decor {
  const plan = planTown(options.areaM2 ?? USUAL_AREA_M2);
  const buildings: Building[] = [];
  const trees: Tree[] = [];
  const things: Thing[] = [];
  for (const thing of plan.things) {
    if (thing.kind === 'house' || thing.kind === 'hall' || thing.kind === 'chapel') buildings.push(building(thing));
    else if (thing.kind === 'tree') trees.push(tree(thing));
    else things.push(thing);
  }
  trees.push(...wood(plan.side, plan));
  const smoke = buildings.flatMap((it, i) =>
    it.chimneyM === null || i % 3 !== 0 ? [] : [{ x: it.x + it.chimneyM, y: it.y + it.h + 0.6 }],
  );
  const fountains = things
    .filter((thing) => thing.kind === 'fountain')
    .map((thing) => ({ x: thing.x + thing.w / 2, y: thing.y + thing.h / 2, radiusM: thing.w / 2 }));
  return { side: plan.side, ground: plan.ground, buildings, trees, things, smoke, fountains };
}
