/** What a role says to the supervisor that started it. */
export type RoleWord =
  | { readonly kind: 'open'; readonly url?: string }
  | { readonly kind: 'beat' }
  /** What it was told last has been done: whether it is drained by now. */
  | { readonly kind: 'drains'; readonly drains: boolean };

/** What the supervisor says to a role. */
export interface ParentWord {
  /** To hand over all that it has, and to take nothing new; or that this is taken back. */
  readonly kind: 'drain' | 'resume';
}

/**
 * A role that is to terminate hands over first what it holds, for so long at most: then whoever is left comes back elsewhere by
 * themselves.
 */
export const DRAIN_WITHIN_MS = 60_000;

/** Its event loop turns: said so often. */
const BEAT_MS = 500;

/** Nothing where nobody listens. */
export function tellParent(word: RoleWord): void {
  // What cannot be said any more, to a supervisor that is gone, is nobody's loss.
  if (process.connected) process.send?.(word, undefined, {}, () => undefined);
}

/** Ends with its supervisor, so that one that was killed leaves nobody behind, and gives it signs of life. */
export function attachToParent(beatMs = BEAT_MS): void {
  if (process.send === undefined) return;
  // There is nobody any more to hand over to.
  process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));
  // What is said to it keeps nobody running.
  process.channel?.unref();
  tellParent({ kind: 'beat' });
  setInterval(() => tellParent({ kind: 'beat' }), beatMs).unref();
}

export function hearParent(heard: (word: ParentWord) => void): void {
  if (process.send === undefined) return;
  process.on('message', (word) => heard(word as ParentWord));
  // Hearing it keeps nobody running either.
  process.channel?.unref();
}
