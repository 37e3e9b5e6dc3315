/** What a role says to the supervisor that started it. */
export type RoleWord = { readonly kind: 'open'; readonly url?: string } | { readonly kind: 'beat' };

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
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // What is said to it keeps nobody running.
  process.channel?.unref();
  tellParent({ kind: 'beat' });
  setInterval(() => tellParent({ kind: 'beat' }), beatMs).unref();
}
