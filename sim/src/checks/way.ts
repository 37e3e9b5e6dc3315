import type { Body, World } from '@lifeverse/definition';
import { limits } from '@lifeverse/protocol';
import type { Traveller } from '@lifeverse/world/between-zones';

/** So many ticks of a way are played at its end, as many as a late input may reach back. */
export const wayTicks = (world: World): number => Math.floor((limits.replayMs * world.layout.tickHz) / 1_000);

/** Where somebody is after so many ticks on the way from one zone to another. */
export function placeOnTheWay(
  world: World,
  { at, held }: Pick<Traveller, 'at' | 'held'>,
  ticks: number,
  rate: number,
): Body {
  const body: Body = { x: at.x, y: at.y };
  if (held !== null) for (let i = 0; i < ticks; i++) world.predicted?.step.run(body, held, world.map, rate);
  return body;
}
