import type { ServedWorld } from '@lifeverse/world';

export interface RulesWatcher {
  made(entity: number, character: string): void;
  said(entity: number, text: string): void;
}

interface AnyMoment {
  readonly self: { readonly id: number };
  readonly guest?: { readonly name: string };
  readonly input?: { readonly text?: string };
}
type Handler = (moment: AnyMoment) => void;

/** The same rules; the watcher is told whenever an avatar is made, and whatever is said. */
export function watchedRules(served: ServedWorld, watcher: RulesWatcher): ServedWorld {
  const { rules } = served;
  const join = rules.join as Handler | undefined;
  const commands = { ...rules.commands } as Record<string, Handler | undefined>;
  const { say } = commands;
  if (say !== undefined) {
    commands.say = (moment) => {
      say(moment);
      watcher.said(moment.self.id, moment.input?.text ?? '');
    };
  }
  const watchedJoin: Handler = (moment) => {
    join?.(moment);
    watcher.made(moment.self.id, moment.guest?.name ?? '');
  };
  return { world: served.world, rules: { ...rules, join: watchedJoin as never, commands: commands as never } };
}
