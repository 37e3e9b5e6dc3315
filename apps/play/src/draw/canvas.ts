/** What painters draw on: units are metres, y up, (x, y) as in the world. */
export type Brush = OffscreenCanvasRenderingContext2D;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A canvas that shows `area` of the world at `pxPerM`. */
export function canvasOf(area: Area, pxPerM: number): Brush {
  const canvas = new OffscreenCanvas(Math.ceil(area.w * pxPerM), Math.ceil(area.h * pxPerM));
  const brush = canvas.getContext('2d');
  if (brush === null) throw new Error('This browser cannot draw.');
  show(brush, area, pxPerM);
  return brush;
}

/** Turns a brush to another part of the world, of the same size. */
export function show(brush: Brush, area: Area, pxPerM: number): void {
  brush.setTransform(pxPerM, 0, 0, -pxPerM, -area.x * pxPerM, (area.y + area.h) * pxPerM);
}

export function meets(a: Area, b: Area, marginM = 0): boolean {
  return (
    a.x - marginM < b.x + b.w && a.x + a.w + marginM > b.x && a.y - marginM < b.y + b.h && a.y + a.h + marginM > b.y
  );
}

export function disc(brush: Brush, x: number, y: number, radius: number, colour: string): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(x, y, radius, 0, 7);
  brush.fill();
}

export function oval(brush: Brush, x: number, y: number, rx: number, ry: number, colour: string): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.ellipse(x, y, rx, ry, 0, 0, 7);
  brush.fill();
}

export function box(
  brush: Brush,
  x: number,
  y: number,
  w: number,
  h: number,
  colour: string | CanvasPattern | CanvasGradient,
): void {
  brush.fillStyle = colour;
  brush.fillRect(x, y, w, h);
}

export function rounded(
  brush: Brush,
  x: number,
  y: number,
  w: number,
  h: number,
  radius: number,
  colour: string,
): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.roundRect(x, y, w, h, radius);
  brush.fill();
}

/** Fills a polygon; its corners are x, y, x, y ... */
export function polygon(brush: Brush, colour: string | CanvasPattern, ...corners: number[]): void {
  brush.fillStyle = colour;
  trace(brush, corners);
  brush.closePath();
  brush.fill();
}

/** Draws a line through points x, y, x, y ... */
export function line(brush: Brush, width: number, colour: string, ...points: number[]): void {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  trace(brush, points);
  brush.stroke();
}

function trace(brush: Brush, points: readonly number[]): void {
  brush.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) brush.lineTo(points[i] as number, points[i + 1] as number);
}
