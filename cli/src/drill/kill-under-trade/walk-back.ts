/** Where one was at a moment of this process, metres. */
export interface Step {
  readonly ms: number;
  readonly x: number;
  readonly y: number;
}

/** Between what a player is shown of themselves and what the server has of them. */
const NEAR_M = 0.5;

/**
 * How long before `untilMs` one was last where one stands now, in seconds: what one has to walk again. Infinite for a
 * place at which one never was on this way.
 */
export function walkedBackS(
  way: readonly Step[],
  untilMs: number,
  now: { readonly x: number; readonly y: number },
): number {
  for (let index = way.length - 1; index >= 0; index--) {
    const to = way[index] as Step;
    const from = way[index - 1] ?? to;
    if (from.ms > untilMs) continue;
    const share = nearest(from, to, now);
    const x = from.x + (to.x - from.x) * share;
    const y = from.y + (to.y - from.y) * share;
    if (Math.hypot(x - now.x, y - now.y) <= NEAR_M)
      return Math.max(0, untilMs - (from.ms + (to.ms - from.ms) * share)) / 1_000;
  }
  return Number.POSITIVE_INFINITY;
}

/** From where one was at that moment, metres; infinite when one was nowhere. */
export function lostM(way: readonly Step[], atMs: number, now: { readonly x: number; readonly y: number }): number {
  const was = way.findLast(({ ms }) => ms <= atMs);
  return was === undefined ? Number.POSITIVE_INFINITY : Math.hypot(was.x - now.x, was.y - now.y);
}

/** Where on the line from one to the other, 0 to 1. */
function nearest(from: Step, to: Step, point: { readonly x: number; readonly y: number }): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  if (length === 0) return 1;
  return Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length));
}
