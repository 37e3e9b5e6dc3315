import { askSupervisor, type Supervised } from '../cluster/ask.ts';
import type { Told, Wish } from './wish.ts';

/** A backend or a gateway of a cluster on this machine hands over what it has, or takes that back. */
export async function drainRole(name: string, of: Supervised, wish: Wish): Promise<Told> {
  const { undo, dryRun, waits, signal, progress } = wish;
  const isBackend = name.startsWith('backend');
  const object = { drained: !undo };
  if (isBackend)
    return { sentence: `${name} holds nothing that would have to go elsewhere: stop it as you like.`, object };
  if (dryRun && undo) return { sentence: `Players would come to ${name} again.`, object };
  if (dryRun) return { sentence: `Players of ${name} would go on by other gateways, and none would come.`, object };
  // Whoever waits no more leaves it as it is.
  const done = await askSupervisor(of, { drain: name, undo, waits }, { told: progress, signal });
  const { players = null } = done;
  if (undo) return { sentence: `Players may come to ${name} again.`, object: done };
  const left = players === 0 ? 'it has no players' : `its players go on by other gateways`;
  return { sentence: `${name} is drained: ${left}.`, object: done };
}
