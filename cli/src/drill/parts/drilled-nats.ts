import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@lifeverse/node-kit';
import { findNatsServer } from '../../cluster/nats-server.ts';
import { PAYLOAD_BYTES_MAX } from '../../cluster/nats-settings.ts';
import type { Loss, StartedPart } from './drilled-part.ts';

const READY = /Server is ready/;
const LISTENING = /Listening for client connections on \S+:(\d+)/;
const ANY_FREE_PORT = -1;

/** A NATS of the drill's own, for this machine alone, which the cluster is told as one of the operator's. */
export class DrilledNats implements StartedPart {
  readonly name = 'nats';
  readonly #program: string;
  readonly #settings: string;
  #child: ChildProcess | null = null;
  #port = ANY_FREE_PORT;

  private constructor(inside: string) {
    this.#program = findNatsServer(process.env.PATH);
    this.#settings = join(inside, 'nats.conf');
    writeFileSync(this.#settings, JSON.stringify({ max_payload: PAYLOAD_BYTES_MAX }));
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  /** Rejects with a ConfigurationError where the program is missing. */
  static async start(inside: string): Promise<DrilledNats> {
    const nats = new DrilledNats(inside);
    await nats.#run();
    return nats;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  async take(how: Loss): Promise<void> {
    if (how === 'silent') this.#child?.kill('SIGSTOP');
    else await this.#end(how === 'stopped' ? 'SIGTERM' : 'SIGKILL');
  }

  async giveBack(): Promise<void> {
    if (this.#child === null) await this.#run();
    else this.#child.kill('SIGCONT');
  }

  stop(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  /** On the port that it had. */
  async #run(): Promise<void> {
    const place = ['-a', '127.0.0.1', '-p', String(this.#port), '-c', this.#settings];
    const child = spawn(this.#program, place, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let last = '';
      createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
        last = line;
        this.#port = Number(LISTENING.exec(line)?.[1] ?? this.#port);
        if (READY.test(line)) resolve();
      });
      child.once('error', reject);
      child.once('close', () => reject(new ConfigurationError(`nats-server ended: ${last}`)));
    });
  }
}
