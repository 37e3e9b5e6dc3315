import type { Building, Decor, Thing, Tree } from '@lifeverse/town/decor';
import { paintBuilding } from './building.ts';
import { type Area, type Brush, meets, polygon } from './canvas.ts';
import {
  paintBarrels,
  paintFountain,
  paintGazebo,
  paintLamp,
  paintParasol,
  paintStall,
  paintStatue,
  paintTable,
  paintWell,
} from './furniture.ts';
import { paintBeds, paintBench, paintHedge, paintTrunk, treeShadow } from './greenery.ts';
import { palette } from './palette.ts';
import { drawPatterns, type Patterns } from './patterns.ts';
import { paintBridge, paintRampart, paintTower, TOWER_RISE_M } from './ramparts.ts';
import { ROOF_BEHIND_M } from './roof.ts';
import { paintTerrain } from './terrain.ts';
import { type GroundAt, townGround } from './town-ground.ts';
import type { WorldPainter } from './world-painter.ts';

/** No shadow is longer, metres. */
const SHADOW_REACH_M = 3;

/** The form of a shadow: of a block, of something round, of a pole; trees have their own. */
type Shadow = 'block' | 'round' | 'pole' | 'none';

/** One drawable thing: what it covers on the picture, and from which height it covers people. */
interface Piece {
  readonly area: Area;
  /** Feet of it: the farther south, the later it is painted. */
  readonly foot: number;
  /** All above this is painted over people as well; null when nothing is. */
  readonly overFrom: number | null;
  readonly shadow: Shadow;
  readonly shadowM: number;
  readonly footprint: Area;
  paint(brush: Brush, patterns: Patterns): void;
}

const pad = (rect: Area, left: number, below: number, right: number, above: number): Area => ({
  x: rect.x - left,
  y: rect.y - below,
  w: rect.w + left + right,
  h: rect.h + below + above,
});

function buildingPiece(it: Building): Piece {
  const above = it.kind === 'house' ? ROOF_BEHIND_M + 0.8 : 6;
  return {
    area: pad(it, 0.5, 0.6, 0.5, above),
    foot: it.y,
    overFrom: it.y + it.h,
    shadow: 'block',
    shadowM: it.frontM * 0.55,
    footprint: it,
    paint: (brush, patterns) => paintBuilding(brush, it, patterns),
  };
}

const shadowOf: Partial<Record<Thing['kind'], Shadow>> = {
  lamp: 'pole',
  fountain: 'round',
  gazebo: 'round',
  well: 'round',
  table: 'round',
};

/** Height of its shadow, what it reaches above its footprint, from where it covers people, and how it is painted. */
type Look = readonly [shadowM: number, aboveM: number, overFromM: number | null, paint: Piece['paint']];

function lookOf(thing: Thing, side: number): Look | null {
  const { x, y, h } = thing;
  switch (thing.kind) {
    case 'lamp':
      return [0.9, 3, 1.8, (brush) => paintLamp(brush, x, y)];
    case 'bench':
      return [0.4, 0.5, null, (brush) => paintBench(brush, x, y)];
    case 'fountain':
      return [0.5, 0.4, null, (brush) => paintFountain(brush, thing)];
    case 'well':
      return [0.9, 1.3, 2, (brush, patterns) => paintWell(brush, thing, patterns)];
    case 'statue':
      return [1.2, 1.4, 3, (brush, patterns) => paintStatue(brush, thing, patterns)];
    case 'stall':
      return [1, 1, 2, (brush) => paintStall(brush, thing)];
    case 'table':
      return [1.1, 2.4, 1, (brush) => paintTable(brush, thing)];
    case 'barrels':
      return [0.4, 0.4, null, (brush) => paintBarrels(brush, thing)];
    case 'hedge':
      return [0.5, 0.6, h, (brush) => paintHedge(brush, thing)];
    case 'beds':
      return [0, 0.2, null, (brush) => paintBeds(brush, thing, thing.variant)];
    case 'gazebo':
      return [1.2, 1.8, 3, (brush, patterns) => paintGazebo(brush, thing, patterns)];
    case 'rampart':
      return [1.4, 1.9, h, (brush, patterns) => paintRampart(brush, thing, side, patterns)];
    case 'tower':
      return [2, TOWER_RISE_M + 1, 1, (brush, patterns) => paintTower(brush, thing, patterns)];
    case 'bridge':
      return [0, 0.6, null, (brush, patterns) => paintBridge(brush, thing, patterns)];
    default:
      return null;
  }
}

/** What lies flat is painted before all that stands, towers after the wall that they stand in. */
const layerOf: Partial<Record<Thing['kind'], number>> = { bridge: 10_000, beds: 10_000, rampart: 0.5 };

function thingPiece(thing: Thing, side: number): Piece | null {
  const look = lookOf(thing, side);
  if (look === null) return null;
  const [shadowM, above, overFromM, paint] = look;
  return {
    area: pad(thing, 0.9, 2.2, 0.9, above),
    foot: thing.y + (layerOf[thing.kind] ?? 0),
    overFrom: overFromM === null ? null : thing.y + overFromM,
    shadow: shadowM === 0 ? 'none' : (shadowOf[thing.kind] ?? 'block'),
    shadowM,
    footprint: thing,
    paint,
  };
}

function trunkPiece(tree: Tree): Piece {
  const footprint = { x: tree.x - 0.5, y: tree.y - 0.25, w: 1, h: 1 };
  return {
    area: pad(footprint, 0.5, 0.5, 0.5, 1.5),
    foot: tree.y,
    overFrom: null,
    shadow: 'none',
    shadowM: 0,
    footprint,
    paint: (brush) => paintTrunk(brush, tree),
  };
}

export class TownPainter implements WorldPainter {
  readonly #trees: readonly Tree[];
  readonly #fountains: Decor['fountains'];
  readonly #groundAt: GroundAt;
  readonly #pieces: Piece[];
  readonly #parasols: readonly Thing[];
  readonly #patterns: Patterns;

  constructor(decor: Decor, pxPerM: number) {
    this.#trees = decor.trees;
    this.#fountains = decor.fountains;
    this.#groundAt = townGround(decor);
    const pieces = [...decor.buildings.map(buildingPiece), ...decor.trees.map(trunkPiece)];
    for (const thing of decor.things) {
      const piece = thingPiece(thing, decor.side);
      if (piece !== null) pieces.push(piece);
    }
    this.#pieces = pieces.sort((a, b) => b.foot - a.foot);
    this.#parasols = decor.things.filter((thing) => thing.kind === 'table');
    this.#patterns = drawPatterns(pxPerM);
  }

  paint(under: Brush, over: Brush, shade: Brush, area: Area): Area[] {
    paintTerrain(under, area, this.#groundAt, this.#patterns);
    for (const fountain of this.#fountains)
      if (meets({ ...fountain, w: 0, h: 0 }, area, 10)) paintRose(under, fountain);
    this.#paintShade(shade, area);
    under.save();
    under.setTransform(1, 0, 0, 1, 0, 0);
    under.globalAlpha = 0.24;
    under.drawImage(shade.canvas, 0, 0);
    under.restore();
    const here = this.#pieces.filter((piece) => meets(piece.area, area));
    const covered: Area[] = [];
    for (const piece of here) {
      piece.paint(under, this.#patterns);
      if (piece.overFrom === null) continue;
      const { area: whole, overFrom } = piece;
      covered.push({ x: whole.x, y: overFrom, w: whole.w, h: whole.y + whole.h - overFrom });
      over.save();
      over.beginPath();
      over.rect(whole.x, overFrom, whole.w, whole.y + whole.h - overFrom);
      over.clip();
      piece.paint(over, this.#patterns);
      over.restore();
    }
    for (const parasol of this.#parasols) {
      if (!meets(parasol, area, 3)) continue;
      covered.push({ x: parasol.x - 1, y: parasol.y + 1, w: 3, h: 2.5 });
      paintParasol(over, parasol);
    }
    return covered;
  }

  /** All shadows in one opaque layer, so that overlapping ones are not darker. The sun stands in the north-west. */
  #paintShade(shade: Brush, area: Area): void {
    shade.clearRect(area.x, area.y, area.w, area.h);
    shade.fillStyle = palette.shadow;
    for (const { footprint, shadow, shadowM } of this.#pieces) {
      if (shadow !== 'none' && meets(footprint, area, SHADOW_REACH_M)) castShadow(shade, footprint, shadow, shadowM);
    }
    for (const tree of this.#trees) {
      if (meets({ x: tree.x, y: tree.y, w: 0, h: 0 }, area, 5)) treeShadow(shade, tree);
    }
  }
}

/** Rings and rays of darker stone in the paving around a fountain. */
function paintRose(brush: Brush, { x, y, radiusM }: Decor['fountains'][number]): void {
  const outer = radiusM * 1.75;
  brush.strokeStyle = 'rgba(150, 96, 66, 0.22)';
  for (const [radius, width] of [
    [radiusM + 0.75, 0.5],
    [outer, 0.4],
    [outer + 0.6, 0.12],
  ] as const) {
    brush.lineWidth = width;
    brush.beginPath();
    brush.arc(x, y, radius, 0, 7);
    brush.stroke();
  }
  for (let i = 0; i < 16; i++) {
    const angle = (i / 16) * Math.PI * 2;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const half = i % 2 === 0 ? 0.34 : 0.16;
    const near = radiusM + 1.1;
    const far = i % 2 === 0 ? outer - 0.3 : outer - 0.9;
    const colour = i % 2 === 0 ? 'rgba(150, 96, 66, 0.2)' : 'rgba(255, 248, 226, 0.35)';
    polygon(
      brush,
      colour,
      x + dx * near - dy * half,
      y + dy * near + dx * half,
      x + dx * far,
      y + dy * far,
      x + dx * near + dy * half,
      y + dy * near - dx * half,
    );
  }
}

function castShadow(shade: Brush, { x, y, w, h }: Area, shadow: Shadow, shadowM: number): void {
  const dx = shadowM;
  const dy = -shadowM * 0.5;
  shade.beginPath();
  if (shadow === 'pole') {
    const foot = { x: x + w / 2, y: y + 0.3 };
    shade.ellipse(foot.x + dx * 2, foot.y + dy * 2, 0.32, 0.2, 0, 0, 7);
    shade.moveTo(foot.x, foot.y - 0.06);
    shade.lineTo(foot.x + dx * 2, foot.y + dy * 2 - 0.06);
    shade.lineTo(foot.x + dx * 2, foot.y + dy * 2 + 0.06);
    shade.lineTo(foot.x, foot.y + 0.06);
  } else if (shadow === 'round') {
    shade.ellipse(x + w / 2 + dx * 0.6, y + h / 2 + dy * 0.9, w / 2 + 0.1, h / 2 + 0.05, 0, 0, 7);
  } else {
    shade.moveTo(x, y + h);
    shade.lineTo(x + w, y + h);
    shade.lineTo(x + w + dx, y + h + dy);
    shade.lineTo(x + w + dx, y + dy);
    shade.lineTo(x + dx, y + dy);
    shade.lineTo(x, y);
    shade.closePath();
  }
  shade.fill();
}
