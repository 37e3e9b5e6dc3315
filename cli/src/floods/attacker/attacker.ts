import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AttackOrder, AttackReport } from './order.ts';

/** Attacks from a process of its own, so that its work is not that of those who are measured. */
export class Attacker {
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;

  constructor() {
    this.#process = fork(fileURLToPath(new URL('main.ts', import.meta.url)));
    this.#ended = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`the attacker's process ended with ${code}`);
    });
    // Nobody waits for it unless there is an attack.
    this.#ended.catch(() => undefined);
  }

  async attack(order: AttackOrder): Promise<AttackReport> {
    const answer = once(this.#process, 'message');
    this.#process.send(order);
    const [report] = (await Promise.race([answer, this.#ended])) as [AttackReport];
    return report;
  }

  end(): void {
    this.#process.disconnect();
  }
}
