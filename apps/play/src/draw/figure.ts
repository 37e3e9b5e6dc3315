import { type Brush, canvasOf } from './canvas.ts';

/**
 * People are drawn once in three weights instead of colours: red is coat, green is skin, blue is hair, what is opaque
 * and none of them is ink. The crowd's shader mixes each person's own colours in; so one sheet serves every look.
 */
export const CELL = { w: 1.5, h: 2.25, originX: 0.75, originY: 0.22 } as const;
const CUTS = 6;
/** Seen from the front, turning right, from the right, turning away, from behind; left is the mirror image of right. */
export const VIEWS = 5;
export const FRAMES = { idle: 0, walk: 1, walkCount: 6, wave: 7, waveCount: 2, count: 9 } as const;
const COLUMNS = 24;

export interface FigureSheet {
  readonly canvas: OffscreenCanvas;
  readonly columns: number;
  readonly rows: number;
}

/** Number of a drawing on the sheet. */
export function frameOf(cut: number, view: number, frame: number): number {
  return (cut * VIEWS + view) * FRAMES.count + frame;
}

const coat = (weight: number): string => `rgb(${Math.round(weight * 255)},0,0)`;
const skin = (weight: number): string => `rgb(0,${Math.round(weight * 255)},0)`;
const hair = (weight: number): string => `rgb(0,0,${Math.round(weight * 255)})`;
const INK = '#000';

/** How far a view is turned: `side` 1 looks to the right, `front` 1 towards the viewer, -1 away. */
const turns = [
  { side: 0, front: 1 },
  { side: 0.62, front: 0.75 },
  { side: 1, front: 0 },
  { side: 0.62, front: -0.75 },
  { side: 0, front: -1 },
] as const;

interface Pose {
  readonly side: number;
  readonly front: number;
  /** -1..1: the swing of the right leg forward; the arms go against it. */
  readonly swing: number;
  /** Height of the body above its lowest, metres. */
  readonly bob: number;
  /** How far the right arm is raised, 0..1, and leaned. */
  readonly raised: number;
  readonly lean: number;
}

function poseOf(view: number, frame: number): Pose {
  const turn = turns[view] as (typeof turns)[number];
  if (frame >= FRAMES.wave)
    return { ...turn, swing: 0, bob: 0.02, raised: 1, lean: frame === FRAMES.wave ? -0.16 : 0.08 };
  if (frame === FRAMES.idle) return { ...turn, swing: 0, bob: 0, raised: 0, lean: 0 };
  const phase = ((frame - FRAMES.walk) / FRAMES.walkCount) * Math.PI * 2;
  return { ...turn, swing: Math.sin(phase), bob: 0.05 * Math.abs(Math.cos(phase)), raised: 0, lean: 0 };
}

export function drawFigures(pxPerM: number): FigureSheet {
  const total = CUTS * VIEWS * FRAMES.count;
  const rows = Math.ceil(total / COLUMNS);
  const cellW = Math.round(CELL.w * pxPerM);
  const cellH = Math.round(CELL.h * pxPerM);
  const sheet = canvasOf({ x: 0, y: 0, w: COLUMNS * cellW, h: rows * cellH }, 1);
  for (let cut = 0; cut < CUTS; cut++) {
    for (let view = 0; view < VIEWS; view++) {
      for (let frame = 0; frame < FRAMES.count; frame++) {
        const index = frameOf(cut, view, frame);
        const x = (index % COLUMNS) * cellW;
        const y = Math.floor(index / COLUMNS) * cellH;
        sheet.setTransform(
          cellW / CELL.w,
          0,
          0,
          -cellH / CELL.h,
          x + (CELL.originX * cellW) / CELL.w,
          y + cellH - (CELL.originY * cellH) / CELL.h,
        );
        drawFigure(sheet, cut, poseOf(view, frame));
      }
    }
  }
  return { canvas: sheet.canvas, columns: COLUMNS, rows };
}

/** A shape with an ink outline around it. */
function shape(brush: Brush, colour: string, trace: () => void): void {
  brush.beginPath();
  trace();
  brush.lineJoin = 'round';
  brush.lineWidth = 0.075;
  brush.strokeStyle = INK;
  brush.stroke();
  brush.fillStyle = colour;
  brush.fill();
}

function spot(brush: Brush, x: number, y: number, rx: number, ry: number, colour: string): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.ellipse(x, y, rx, ry, 0, 0, 7);
  brush.fill();
}

function drawFigure(brush: Brush, cut: number, pose: Pose): void {
  spot(brush, 0.03, 0.02, 0.4, 0.17, 'rgba(0,0,0,0.26)');
  drawLegs(brush, pose);
  const away = pose.front < 0;
  drawArm(brush, pose, away ? 1 : -1);
  if (pose.side === 1) drawArm(brush, pose, -1);
  if (cut === 1 && !away) drawLongHair(brush, pose);
  drawBody(brush, pose);
  drawArm(brush, pose, away ? -1 : 1);
  drawHead(brush, cut, pose);
  if (pose.raised > 0 && pose.side < 1) drawRaisedHand(brush, pose);
}

function drawLegs(brush: Brush, { side, swing, bob }: Pose): void {
  for (const leg of [-1, 1]) {
    const forward = swing * leg;
    const x = leg * 0.13 * (1 - side * 0.75) + forward * 0.22 * side;
    const lift = Math.max(0, forward) * 0.1;
    const top = 0.46 + bob;
    shape(brush, coat(0.42), () => brush.roundRect(x - 0.09, lift + 0.06, 0.18, top - lift, 0.07));
    shape(brush, coat(0.12), () => brush.roundRect(x - 0.1 + side * 0.04, lift - 0.01, 0.21, 0.13, 0.06));
  }
}

function drawBody(brush: Brush, { side, front, bob }: Pose): void {
  const half = 0.3 - side * 0.05;
  const low = 0.34 + bob;
  const high = 1.04 + bob;
  shape(brush, coat(0.86), () => {
    brush.moveTo(-half - 0.05, low);
    brush.quadraticCurveTo(0, low - 0.06, half + 0.05, low);
    brush.lineTo(half * 0.85, high - 0.1);
    brush.quadraticCurveTo(half * 0.75, high, half * 0.4, high);
    brush.lineTo(-half * 0.4, high);
    brush.quadraticCurveTo(-half * 0.75, high, -half * 0.85, high - 0.1);
    brush.closePath();
  });
  brush.fillStyle = coat(1);
  brush.beginPath();
  brush.roundRect(-half * 0.82, low + 0.08, half * 0.6, high - low - 0.18, 0.1);
  brush.fill();
  brush.fillStyle = coat(0.62);
  brush.beginPath();
  brush.moveTo(half + 0.03, low + 0.02);
  brush.quadraticCurveTo(half * 0.3, low, half * 0.45, low + 0.1);
  brush.lineTo(half * 0.6, high - 0.08);
  brush.lineTo(half * 0.83, high - 0.12);
  brush.fill();
  if (front > 0) {
    const x = side * 0.16;
    for (const y of [low + 0.16, low + 0.33, low + 0.5]) spot(brush, x, y, 0.032, 0.032, 'rgb(120,110,0)');
    brush.fillStyle = 'rgb(130,120,0)';
    brush.beginPath();
    brush.roundRect(-0.17 + side * 0.04, high - 0.12, 0.34, 0.12, 0.06);
    brush.fill();
  }
}

/** `which`: 1 is the right arm of who faces the viewer's left; raised only on that side. */
function drawArm(brush: Brush, { side, front, swing, bob, raised, lean }: Pose, which: number): void {
  const up = raised > 0 && which === 1;
  const shoulderX = which * (0.3 - side * 0.22) * (front < 0 ? -1 : 1);
  const shoulderY = 0.95 + bob;
  const sway = -swing * which;
  const handX = up
    ? shoulderX + (shoulderX < 0 ? -0.2 : 0.2) + lean
    : shoulderX + sway * 0.24 * side + (1 - side) * Math.sign(shoulderX) * 0.07;
  const handY = up ? 1.5 + bob : 0.52 + bob + Math.abs(sway) * 0.05 + (1 - side) * sway * 0.06;
  brush.lineCap = 'round';
  for (const [width, colour] of [
    [0.25, INK],
    [0.175, coat(which === 1 ? 0.92 : 0.66)],
  ] as const) {
    brush.lineWidth = width;
    brush.strokeStyle = colour;
    brush.beginPath();
    brush.moveTo(shoulderX, shoulderY - 0.05);
    brush.lineTo(shoulderX + (handX - shoulderX) * 0.8, shoulderY + (handY - shoulderY) * 0.8);
    brush.stroke();
  }
  shape(brush, skin(which === 1 ? 0.96 : 0.84), () => brush.ellipse(handX, handY, 0.085, 0.085, 0, 0, 7));
}

/** Above the hair, where the head would cover it. */
function drawRaisedHand(brush: Brush, { front, bob, lean }: Pose): void {
  const x = (0.3 + 0.2) * (front < 0 ? -1 : 1) + lean;
  shape(brush, skin(0.98), () => brush.ellipse(x, 1.52 + bob, 0.1, 0.1, 0, 0, 7));
}

const HEAD_Y = 1.34;
const HEAD_R = 0.345;

function drawHead(brush: Brush, cut: number, pose: Pose): void {
  const y = HEAD_Y + pose.bob;
  const x = pose.side * 0.05;
  if (cut === 3) drawCurls(brush, x, y, 0.17, 0.38);
  shape(brush, skin(0.97), () => brush.ellipse(x, y, HEAD_R, HEAD_R * 0.97, 0, 0, 7));
  spot(brush, x + 0.07, y - 0.2, 0.2, 0.1, skin(0.86));
  if (pose.front >= 0) drawFace(brush, x, y, pose);
  drawHair(brush, cut, x, y, pose);
}

function drawFace(brush: Brush, x: number, y: number, { side, front }: Pose): void {
  const middle = x + side * 0.2;
  const apart = 0.125 * (0.35 + 0.65 * Math.max(front, 0.1));
  const eyes = side === 1 ? [middle + 0.02] : [middle - apart, middle + apart];
  for (const eye of eyes) {
    spot(brush, eye, y - 0.035, 0.036, 0.058, INK);
    spot(brush, eye + 0.012, y - 0.012, 0.013, 0.017, skin(1));
  }
  for (const cheek of side === 1 ? [middle - 0.09] : [middle - apart - 0.08, middle + apart + 0.08]) {
    spot(brush, cheek, y - 0.125, 0.058, 0.036, 'rgb(70,190,0)');
  }
  brush.strokeStyle = INK;
  brush.lineWidth = 0.028;
  brush.lineCap = 'round';
  brush.beginPath();
  brush.arc(middle + side * 0.02, y - 0.12, 0.055, Math.PI * 1.15, Math.PI * 1.85);
  brush.stroke();
}

function drawLongHair(brush: Brush, { side, bob }: Pose): void {
  shape(brush, hair(0.78), () => brush.roundRect(-0.4 - side * 0.04, 0.78 + bob, 0.8 - side * 0.22, 0.7, 0.2));
}

function drawCurls(brush: Brush, x: number, y: number, size: number, reach: number): void {
  for (const [pass, colour] of [
    [0.04, INK],
    [0, hair(0.82)],
  ] as const) {
    for (let i = 0; i < 12; i++) {
      const angle = (i / 12) * Math.PI * 2;
      spot(
        brush,
        x + Math.cos(angle) * reach,
        y + 0.08 + Math.sin(angle) * reach * 0.92,
        size + pass,
        size + pass,
        colour,
      );
    }
  }
}

/** The cap of hair: low on the neck from behind, a fringe from the front. */
function cap(brush: Brush, x: number, y: number, { side, front }: Pose, colour: string, puff: number): void {
  const radius = HEAD_R + puff;
  const fringe = front >= 0 ? 0.1 + (1 - front) * 0.02 : front === -1 ? -0.26 : -0.16;
  shape(brush, colour, () => {
    brush.moveTo(x - radius - side * 0.02, y - (front >= 0 ? 0.06 + side * 0.16 : 0.16));
    brush.quadraticCurveTo(x - radius - 0.02, y + radius * 1.05, x, y + radius + 0.03);
    brush.quadraticCurveTo(
      x + radius + 0.02,
      y + radius * 1.05,
      x + radius,
      y + (side > 0 && front >= 0 ? 0.08 : front < 0 ? -0.16 : -0.06),
    );
    brush.quadraticCurveTo(
      x + 0.2 + side * 0.05,
      y + fringe + 0.06,
      x + side * 0.12,
      y + fringe + (front >= 0 ? 0.06 : -0.1),
    );
    brush.quadraticCurveTo(
      x - 0.16 - side * 0.05,
      y + fringe + 0.02,
      x - radius - side * 0.02,
      y - (front >= 0 ? 0.06 + side * 0.16 : 0.16),
    );
  });
}

function drawHair(brush: Brush, cut: number, x: number, y: number, pose: Pose): void {
  const { side, front } = pose;
  const back = -side * 0.3;
  if (cut === 3) {
    cap(brush, x, y, pose, hair(0.86), 0.05);
    for (let i = 0; i < 5; i++)
      spot(brush, x - 0.24 + i * 0.11, y + 0.3 - Math.abs(i - 2) * 0.05, 0.09, 0.07, hair(i < 2 ? 1 : 0.84));
    return;
  }
  if (cut === 2)
    shape(brush, hair(0.9), () => brush.ellipse(x + back * 0.7, y + 0.42 - (front < 0 ? 0.1 : 0), 0.17, 0.16, 0, 0, 7));
  if (cut === 1 && front < 0) shape(brush, hair(0.86), () => brush.roundRect(x - 0.36, y - 0.62, 0.72, 0.8, 0.2));
  if (cut === 4 || cut === 5) {
    if (front < 1) cap(brush, x, y - 0.04, pose, hair(0.8), 0);
    drawHat(brush, cut, x, y, pose);
    return;
  }
  cap(brush, x, y, pose, hair(0.9), 0.015);
  brush.strokeStyle = hair(1);
  brush.lineWidth = 0.07;
  brush.lineCap = 'round';
  brush.beginPath();
  brush.arc(x - 0.03, y + 0.02, HEAD_R - 0.05, Math.PI * 0.55, Math.PI * 0.85);
  brush.stroke();
  if (cut === 0 && front >= 0)
    shape(brush, hair(0.95), () => brush.ellipse(x - 0.06, y + HEAD_R + 0.02, 0.13, 0.07, 0.5, 0, 7));
}

/** A cap with a peak, or a hat with a broad brim; in the coat's colour. */
function drawHat(brush: Brush, cut: number, x: number, y: number, { side, front }: Pose): void {
  const crownY = y + 0.19;
  if (cut === 5) shape(brush, coat(0.66), () => brush.ellipse(x + side * 0.03, crownY, 0.52, 0.19, 0, 0, 7));
  shape(brush, coat(0.9), () => {
    brush.moveTo(x - 0.36, crownY);
    brush.bezierCurveTo(x - 0.38, y + 0.52, x + 0.38, y + 0.52, x + 0.36, crownY);
    brush.quadraticCurveTo(x, crownY - 0.12, x - 0.36, crownY);
  });
  spot(brush, x - 0.13, y + 0.31, 0.11, 0.07, coat(1));
  if (cut === 5) {
    brush.strokeStyle = 'rgb(110,110,0)';
    brush.lineWidth = 0.07;
    brush.beginPath();
    brush.moveTo(x - 0.34, crownY + 0.06);
    brush.quadraticCurveTo(x, crownY - 0.06, x + 0.34, crownY + 0.06);
    brush.stroke();
    return;
  }
  if (front >= 0)
    shape(brush, coat(0.6), () => brush.ellipse(x + side * 0.3, crownY - 0.02, 0.3 - side * 0.06, 0.08, 0, 0, 7));
}
