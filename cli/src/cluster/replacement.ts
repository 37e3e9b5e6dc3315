import { ConfigurationError } from '@lifeverse/node-kit';
import { type Fleet, type Kind, kinds, type Member } from './fleet.ts';

/** What a successor waits for may never come, and nobody else is replaced meanwhile. */
const OPEN_MS = 60_000;

/**
 * Replaces processes of a cluster, one after the other: its successor is started beside each, and once that is open, the old one
 * hands over to it and to others, and ends. What is on the disk by now is what successors are: so a version takes the place of another.
 */
export class Replacement {
  readonly #fleet: Fleet;
  readonly #told: (line: string) => void;
  readonly #openMs: number;
  #isUnderWay = false;

  /** `openMs`: how long a successor may take to open. */
  constructor(fleet: Fleet, told: (line: string) => void, openMs = OPEN_MS) {
    this.#fleet = fleet;
    this.#told = told;
    this.#openMs = openMs;
  }

  /**
   * Those of these kinds that run when it begins. With the signal it ends behind the one that is being replaced. Returns how many were;
   * rejects with a ConfigurationError when another one is under way, and when a successor does not open in time: what it was to replace runs on.
   */
  async run(wanted: readonly Kind[], tell: (line: string) => void, signal: AbortSignal): Promise<number> {
    if (this.#isUnderWay) throw new ConfigurationError('Processes of this cluster are being replaced already.');
    this.#isUnderWay = true;
    const say = (line: string): void => {
      this.#told(line);
      tell(line);
    };
    // Backends first: what is new in a plan is known to who makes it before anybody is to follow it. Players last.
    const old = kinds.flatMap((kind) => this.#fleet.members.filter((it) => it.kind === kind && wanted.includes(kind)));
    let replaced = 0;
    try {
      for (const member of old) {
        if (signal.aborted) break;
        replaced++;
        await this.#replace(member, `${replaced} of ${old.length}`, say);
      }
      return replaced;
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #replace(member: Member, which: string, say: (line: string) => void): Promise<void> {
    const { kind, child, specOf } = member;
    say(`${which}: ${child.name} is to be replaced`);
    const successor = await this.#fleet
      .start(kind, specOf, { beside: member, withinMs: this.#openMs })
      .catch((error: unknown) => {
        if (!(error instanceof ConfigurationError)) throw error;
        throw new ConfigurationError(`${child.name} runs on: ${error.message}`);
      });
    say(`${which}: ${successor.child.name} runs, and ${child.name} hands over what it has`);
    await this.#fleet.leave(member);
    say(`${which}: ${successor.child.name} has taken the place of ${child.name}`);
  }
}
