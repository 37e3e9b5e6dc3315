import { type ChildListener, type ChildSpec, KeptChild } from './kept-child.ts';

export const kinds = ['backend', 'zone', 'gateway'] as const;
export type Kind = (typeof kinds)[number];

/** A role that runs, and what would take its place. */
export interface Member {
  readonly kind: Kind;
  readonly child: KeptChild;
  /** Of one in this place: `number` counts all of its kind there ever were, so that no two have one name. */
  specOf(number: number): ChildSpec;
}

type SpecOf = Member['specOf'];

/** That of one that is to take the place of another. */
export interface Succession {
  readonly beside: Member;
  /** How long it may take to open. */
  readonly withinMs: number;
}

/** The roles of a cluster as processes of this machine, each of which can be replaced while the others run. */
export class Fleet {
  readonly #listener: ChildListener;
  /** Ends the waiting for what is not there yet. */
  readonly #signal: AbortSignal;
  readonly #started: Record<Kind, number> = { backend: 0, zone: 0, gateway: 0 };
  #members: readonly Member[] = [];
  #isStopping = false;

  constructor(listener: ChildListener, signal: AbortSignal) {
    this.#listener = listener;
    this.#signal = signal;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** Resolves when it is open; rejects with a ConfigurationError when it ends before, or is too late as a successor. */
  async start(kind: Kind, specOf: SpecOf, succession?: Succession): Promise<Member> {
    this.#signal.throwIfAborted();
    if (this.#isStopping) throw new Error('the cluster is being stopped');
    const child = new KeptChild(specOf(++this.#started[kind]), this.#listener);
    const member: Member = { kind, child, specOf };
    const at = succession === undefined ? this.#members.length : this.#members.indexOf(succession.beside) + 1;
    this.#members = this.#members.toSpliced(at, 0, member);
    const stopWaiting = (): void => void child.stop();
    this.#signal.addEventListener('abort', stopWaiting, { once: true });
    try {
      await child.start(succession?.withinMs);
    } catch (error) {
      this.#forget(member);
      throw error;
    } finally {
      this.#signal.removeEventListener('abort', stopWaiting);
    }
    return member;
  }

  /** Resolves when it has handed over what it had, and ended. */
  async leave(member: Member): Promise<void> {
    await member.child.leave();
    this.#forget(member);
  }

  /** In order: players are told first, and whoever keeps them is kept last. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const kind of kinds.toReversed())
      for (const member of this.#members.toReversed()) if (member.kind === kind) await member.child.stop();
  }

  #forget(member: Member): void {
    this.#members = this.#members.filter((other) => other !== member);
  }
}
