import type { Log } from '@lifeverse/node-kit';
import type { ParentWord, RoleWord } from './parent.ts';

/** Does what the supervisor asks for. Returns what it is answered: a role that could not do it stands as it stood before. */
export async function turned(
  { kind }: ParentWord,
  turn: (isDrained: boolean) => Promise<boolean>,
  log: Log,
): Promise<RoleWord> {
  try {
    return { kind: 'drains', drains: await turn(kind === 'drain') };
  } catch (error) {
    log.error({ err: error, asked: kind }, 'what the supervisor asked for could not be done');
    return { kind: 'drains', drains: kind === 'resume' };
  }
}
