import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '@lifeverse/node-kit';
import type { Fleet } from './fleet.ts';
import type { Done, DrainOrder } from './orders.ts';
import type { Watch } from './watch.ts';

interface Drained {
  readonly fleet: Fleet;
  readonly watch: Watch;
  tell(line: string): void;
  /** Ends the waiting, and nothing else. */
  readonly gone: AbortSignal;
}

const LOOK_MS = 500;

/** A gateway hands its players over, or takes that back. Throws a ConfigurationError when it does not. */
export async function drainMember(
  { drain, undo, waits }: DrainOrder,
  { fleet, watch, ...asking }: Drained,
): Promise<Done> {
  const member = fleet.members.find(({ child }) => child.name === drain);
  if (member === undefined) throw new ConfigurationError(`${drain} has ended by now.`);
  // A backend holds nothing: what it is asked is asked again of another one, and its answers are those of any.
  if (member.kind === 'backend') return { drained: !undo };
  if (member.kind === 'zone') throw new ConfigurationError(`${drain} has not come so far as to have zones.`);
  const drained = await member.child.turn(!undo);
  if (drained === null) throw new ConfigurationError(`${drain} does not answer.`);
  if (!undo && !drained)
    throw new ConfigurationError(`${drain} keeps its players: there is no other gateway for them.`);
  if (undo && drained) throw new ConfigurationError(`${drain} stays drained: its log says why.`);
  const players = waits && !undo ? await left(drain, watch, asking) : watch.players(drain, performance.now());
  return { drained, players };
}

/** How many are left when that is none, when it has ended, and when nobody waits any more. */
async function left(
  name: string,
  watch: Watch,
  { tell, gone }: Pick<Drained, 'tell' | 'gone'>,
): Promise<number | null> {
  for (;;) {
    // What it has said before it was told may be the last that was heard.
    await sleep(LOOK_MS, undefined, { signal: gone }).catch(() => undefined);
    const players = watch.players(name, performance.now());
    if (players === null || players === 0 || gone.aborted) return players;
    tell(`${name} has ${players} players still`);
  }
}
