import { HEADING_STEPS } from '@lifeverse/protocol';

/**
 * Unit vectors of the 1024 headings as integers in 1/65536, equal in every engine: built by + - x / and sqrt only
 * (half-angle formulas from 90 degrees down, then rotation), because `Math.sin` differs between engines.
 */
export const UNIT = 65_536;

interface Table {
  readonly x: Int32Array;
  readonly y: Int32Array;
}

function build(): Table {
  // cos and sin of 90, 45, 22.5 ... degrees: heading steps 256, 128, ... 1.
  const halves: { cos: number; sin: number }[] = [];
  let cos = 0;
  for (let step = HEADING_STEPS / 4; step >= 1; step /= 2) {
    halves.push({ cos, sin: Math.sqrt(1 - cos * cos) });
    cos = Math.sqrt((1 + cos) / 2);
  }
  const x = new Int32Array(HEADING_STEPS);
  const y = new Int32Array(HEADING_STEPS);
  for (let heading = 0; heading < HEADING_STEPS; heading++) {
    let c = 1;
    let s = 0;
    const quarter = Math.floor(heading / (HEADING_STEPS / 4));
    const within = heading % (HEADING_STEPS / 4);
    halves.forEach((half, i) => {
      const step = HEADING_STEPS / 4 / (1 << i);
      if ((within & step) === 0 || step === HEADING_STEPS / 4) return;
      const rotated = c * half.cos - s * half.sin;
      s = c * half.sin + s * half.cos;
      c = rotated;
    });
    for (let q = 0; q < quarter; q++) [c, s] = [-s, c];
    x[heading] = Math.round(c * UNIT);
    y[heading] = Math.round(s * UNIT);
  }
  return { x, y };
}

const table = build();

/** East component of a heading (0..1023), in 1/65536. */
export function headingX(heading: number): number {
  return table.x[heading & (HEADING_STEPS - 1)] as number;
}

/** North component of a heading (0..1023), in 1/65536. */
export function headingY(heading: number): number {
  return table.y[heading & (HEADING_STEPS - 1)] as number;
}
