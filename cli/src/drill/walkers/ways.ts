import { walkMps } from './counting-world.ts';
import type { Input, Life, Told, Walk } from './record.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const TICK_S = 0.05;
/** Differences of ticks are known modulo 256; an input that came late is for a tick just before. */
const TICKS_AHEAD_MOST = 200;
/** Nobody walks on for longer before they are back. */
const FURTHEST_M = 250;

/**
 * How far a place is from every way that the avatar may have gone on from what was told last: with the inputs applied
 * until then, and with some, all, or none of those still on their way, in their order. On the plain nothing else moves it.
 */
export function metresOff(life: Life, place: Point): number {
  const told = life.told.at(-1);
  if (told === undefined) return Number.POSITIVE_INFINITY;
  const walks = life.inputs.filter(isWalk);
  const onTheirWay = walks.filter(({ sequence }) => sequence > told.applied);
  let towards = walks.findLast(({ sequence, refused }) => sequence <= told.applied && !refused)?.does.towards ?? null;
  let from: Point = told;
  let ticks = 0;
  let nearest = distanceToWay(from, towards, place);
  for (const next of onTheirWay) {
    const atTick = Math.max(ticks, ticksAfter(told, next));
    if (towards !== null) from = along(from, towards, (atTick - ticks) * TICK_S * walkMps);
    ticks = atTick;
    towards = next.does.towards;
    nearest = Math.min(nearest, distanceToWay(from, towards, place));
  }
  return nearest;
}

function isWalk(input: Input): input is Input & { readonly does: Walk } {
  return 'towards' in input.does;
}

function ticksAfter(told: Told, input: Input): number {
  const ticks = (input.tick - told.tick) & 0xff;
  return ticks > TICKS_AHEAD_MOST ? 0 : ticks;
}

function along({ x, y }: Point, towards: number, m: number): Point {
  return { x: x + Math.cos(towards) * m, y: y + Math.sin(towards) * m };
}

/** A straight one from there; just that place when nobody walks. */
function distanceToWay(from: Point, towards: number | null, place: Point): number {
  const [dx, dy] = [place.x - from.x, place.y - from.y];
  if (towards === null) return Math.hypot(dx, dy);
  const walked = Math.cos(towards) * dx + Math.sin(towards) * dy;
  const on = along(from, towards, Math.max(0, Math.min(FURTHEST_M, walked)));
  return Math.hypot(place.x - on.x, place.y - on.y);
}
