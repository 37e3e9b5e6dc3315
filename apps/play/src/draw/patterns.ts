import { Random } from '@lifeverse/base';
import { type Brush, canvasOf } from './canvas.ts';
import { palette } from './palette.ts';

/** Seamless textures, drawn once; each covers `PATTERN_M` metres a side. */
export interface Patterns {
  readonly grass: CanvasPattern;
  readonly earth: CanvasPattern;
  readonly gravel: CanvasPattern;
  readonly cobble: CanvasPattern;
  readonly slabs: CanvasPattern;
  readonly planks: CanvasPattern;
  readonly water: CanvasPattern;
  readonly stonework: CanvasPattern;
  /** Scalloped rows in translucent dark, to lay over a roof of any colour. */
  readonly tiles: CanvasPattern;
}

const PATTERN_M = 6;

/** Draws a shape at its place and where it would wrap around, so that the texture has no seam. */
function wrapped(x: number, y: number, reach: number, draw: (x: number, y: number) => void): void {
  for (const dx of [0, x < reach ? PATTERN_M : x > PATTERN_M - reach ? -PATTERN_M : 0]) {
    for (const dy of [0, y < reach ? PATTERN_M : y > PATTERN_M - reach ? -PATTERN_M : 0]) {
      draw(x + dx, y + dy);
      if (dy === 0 && y >= reach && y <= PATTERN_M - reach) break;
    }
    if (dx === 0 && x >= reach && x <= PATTERN_M - reach) break;
  }
}

function texture(pxPerM: number, draw: (brush: Brush, random: Random) => void): CanvasPattern {
  const brush = canvasOf({ x: 0, y: 0, w: PATTERN_M, h: PATTERN_M }, pxPerM);
  draw(brush, new Random(20));
  const pattern = brush.createPattern(brush.canvas, 'repeat');
  if (pattern === null) throw new Error('no pattern');
  // Painters work in metres with y up: scale the texture back and keep it upright.
  pattern.setTransform(new DOMMatrix([1 / pxPerM, 0, 0, -1 / pxPerM, 0, PATTERN_M]));
  return pattern;
}

function speckle(
  brush: Brush,
  random: Random,
  count: number,
  colours: readonly string[],
  low: number,
  high: number,
): void {
  for (let i = 0; i < count; i++) {
    const radius = random.between(low, high);
    brush.fillStyle = random.pick(colours);
    wrapped(random.between(0, PATTERN_M), random.between(0, PATTERN_M), radius * 2, (x, y) => {
      brush.beginPath();
      brush.ellipse(x, y, radius, radius * 0.7, 0, 0, 7);
      brush.fill();
    });
  }
}

function fill(brush: Brush, colour: string): void {
  brush.fillStyle = colour;
  brush.fillRect(0, 0, PATTERN_M, PATTERN_M);
}

function grass(brush: Brush, random: Random): void {
  fill(brush, palette.grass);
  brush.globalAlpha = 0.35;
  speckle(brush, random, 26, [palette.grassDark, palette.grassLight], 0.3, 0.9);
  brush.globalAlpha = 0.55;
  brush.lineWidth = 0.045;
  brush.lineCap = 'round';
  for (let i = 0; i < 420; i++) {
    brush.strokeStyle = random.chance(0.5) ? palette.grassDark : palette.grassLight;
    const lean = random.between(-0.06, 0.06);
    const length = random.between(0.08, 0.17);
    wrapped(random.between(0, PATTERN_M), random.between(0, PATTERN_M), 0.2, (x, y) => {
      brush.beginPath();
      brush.moveTo(x, y);
      brush.lineTo(x + lean, y + length);
      brush.stroke();
    });
  }
}

/** Rows of rounded stones, every second row shifted. */
function stones(
  rowM: number,
  low: number,
  high: number,
  gapM: number,
  radius: number,
  gap: string,
  colours: readonly string[],
) {
  return (brush: Brush, random: Random): void => {
    fill(brush, gap);
    const rows = Math.round(PATTERN_M / rowM);
    for (let row = 0; row < rows; row++) {
      const start = random.between(0, high);
      let x = start;
      while (x < PATTERN_M + start - 0.001) {
        const left = PATTERN_M + start - x;
        const wish = random.between(low, high);
        const w = left - wish < low ? left : wish;
        brush.fillStyle = random.pick(colours);
        for (const shift of [0, -PATTERN_M]) {
          brush.beginPath();
          brush.roundRect(x + shift + gapM / 2, row * rowM + gapM / 2, w - gapM, rowM - gapM, radius);
          brush.fill();
        }
        x += w;
      }
    }
  };
}

function water(brush: Brush, random: Random): void {
  fill(brush, palette.water);
  brush.globalAlpha = 0.07;
  speckle(brush, random, 70, [palette.waterDeep, palette.waterLight], 0.4, 1.4);
  brush.globalAlpha = 0.4;
  brush.strokeStyle = palette.waterLight;
  brush.lineWidth = 0.05;
  brush.lineCap = 'round';
  for (let i = 0; i < 26; i++) {
    const w = random.between(0.25, 0.7);
    wrapped(random.between(0, PATTERN_M), random.between(0, PATTERN_M), 1, (x, y) => {
      brush.beginPath();
      brush.moveTo(x, y);
      brush.quadraticCurveTo(x + w / 2, y + 0.09, x + w, y);
      brush.stroke();
    });
  }
}

function planks(brush: Brush, random: Random): void {
  fill(brush, palette.planksDark);
  for (let i = 0; i < PATTERN_M / 0.375; i++) {
    brush.fillStyle = random.pick([palette.planks, '#c39a6b', '#ad8252']);
    brush.fillRect(i * 0.375 + 0.02, 0, 0.335, PATTERN_M);
  }
  brush.globalAlpha = 0.2;
  brush.fillStyle = palette.woodDark;
  for (let i = 0; i < 60; i++)
    brush.fillRect(random.between(0, PATTERN_M), random.between(0, PATTERN_M), 0.03, random.between(0.2, 0.8));
}

function tiles(brush: Brush): void {
  brush.strokeStyle = 'rgba(58, 30, 40, 0.30)';
  brush.lineWidth = 0.05;
  for (let row = 0; row < 20; row++) {
    const y = row * 0.3;
    for (let i = -1; i < 21; i++) {
      const x = i * 0.3 + (row % 2) * 0.15;
      brush.beginPath();
      brush.arc(x + 0.15, y + 0.1, 0.15, Math.PI, 2 * Math.PI);
      brush.stroke();
    }
  }
}

/** The textures at the density of the chunks they are for. */
export function drawPatterns(pxPerM: number): Patterns {
  return {
    grass: texture(pxPerM, grass),
    earth: texture(pxPerM, (brush, random) => {
      fill(brush, palette.earth);
      brush.globalAlpha = 0.25;
      speckle(brush, random, 90, ['#a98757', '#d1b487'], 0.05, 0.5);
    }),
    gravel: texture(pxPerM, (brush, random) => {
      fill(brush, palette.gravel);
      brush.globalAlpha = 0.5;
      speckle(brush, random, 520, [palette.gravelDark, '#f0e2bd', '#d9c596'], 0.02, 0.07);
    }),
    cobble: texture(pxPerM, stones(0.375, 0.34, 0.55, 0.05, 0.12, palette.cobbleGap, palette.cobble)),
    slabs: texture(pxPerM, stones(1, 0.9, 1.3, 0.045, 0.05, palette.slabGap, palette.slab)),
    planks: texture(pxPerM, planks),
    water: texture(pxPerM, water),
    stonework: texture(
      pxPerM,
      stones(0.5, 0.5, 0.95, 0.05, 0.06, palette.stoneDark, [palette.stone, '#c6bba9', '#d7cebe', '#beb3a1']),
    ),
    tiles: texture(pxPerM, tiles),
  };
}
