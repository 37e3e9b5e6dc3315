import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiHeaders } from '@lifeverse/contracts';
import { ConfigurationError } from '@lifeverse/node-kit';
import { passedOn } from '../../cluster/role-environment.ts';

const command = fileURLToPath(new URL('../../../bin/lifeverse.mjs', import.meta.url));
const world = new URL('../walkers/counting-world.ts', import.meta.url);

const TOKEN_BYTES = 16;
/** How the command begins the sentence in which it says what it was told wrongly. */
const REFUSAL = /^lifeverse: /;

export interface DrilledWorld {
  readonly seed: number;
  readonly sideM: number;
}

/**
 * A cluster of two gateways as a user starts it, in a folder of its own, read by what it tells. What the user has set for a world of
 * theirs, its database above all, does not concern it.
 */
export class DrilledCluster {
  readonly #child: ChildProcess;
  readonly #operatorToken: string;
  #out = '';
  #err = '';

  /** Resolves once it is open. Rejects with what it said when it ends before. */
  static async start(folder: string, { seed, sideM }: DrilledWorld): Promise<DrilledCluster> {
    const page = join(folder, 'page');
    mkdirSync(page, { recursive: true });
    writeFileSync(join(page, 'index.html'), '<title>No page</title>');
    const module = join(folder, 'world.mjs');
    writeFileSync(module, `import { counting } from ${JSON.stringify(world)};\nexport default counting(${sideM});\n`);
    const places = ['--port', '0', '--page', page, '--data', join(folder, 'data')];
    const what = ['--gateways', '2', '--world', module, '--seed', String(seed), '--json', '--log-level', 'silent'];
    const operatorToken = randomBytes(TOKEN_BYTES).toString('base64url');
    const child = spawn(process.execPath, [command, 'cluster', ...places, ...what], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...passedOn(process.env), LIFEVERSE_OPERATOR_TOKEN: operatorToken },
    });
    const cluster = new DrilledCluster(child, operatorToken);
    await cluster.#opened();
    return cluster;
  }

  private constructor(child: ChildProcess, operatorToken: string) {
    this.#child = child;
    this.#operatorToken = operatorToken;
    // It stops its processes itself, which are no children of ours.
    process.once('exit', () => this.#terminate());
    child.stdout?.on('data', (piece) => {
      this.#out += piece;
    });
    child.stderr?.on('data', (piece) => {
      this.#err += piece;
    });
  }

  /** Of the gateways, in order. */
  get urls(): readonly URL[] {
    const told = /^The world is open at (.*)\n/m.exec(this.#out)?.[1];
    return told === undefined ? [] : told.split(' and ').map((url) => new URL(`${url}/`));
  }

  /**
   * Of a new player of that name, to join with. An operator makes them as fast as they like; players from one address would have
   * to wait. Undefined where there is none: then the player comes as anybody does.
   */
  async session(gateway: number, name: string): Promise<string | undefined> {
    const answer = await fetch(new URL('api/tickets', this.urls[gateway]), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [apiHeaders.operator]: this.#operatorToken },
      body: JSON.stringify({ name }),
    });
    const { session } = (await answer.json()) as { session?: string };
    return answer.ok ? session : undefined;
  }

  /** Returns at once. Its supervisor is held for so long: it starts nothing meanwhile. */
  killGateway(index: number, restartDelayMs: number): void {
    if (restartDelayMs > 0) {
      this.#child.kill('SIGSTOP');
      setTimeout(() => this.#child.kill('SIGCONT'), restartDelayMs);
    }
    process.kill(this.#pids(index).at(-1) as number, 'SIGKILL');
  }

  /** How often it was open. */
  starts(index: number): number {
    return this.#pids(index).length;
  }

  /** The processes that have been that one, in order. */
  #pids(index: number): number[] {
    const told = this.#out.matchAll(new RegExp(`^gateway-${index + 1} runs, process (\\d+)`, 'gm'));
    return [...told].map(([, pid]) => Number(pid));
  }

  /** How often its supervisor has seen it die by that. */
  deaths(index: number): number {
    return [...this.#out.matchAll(new RegExp(`^gateway-${index + 1} was killed by SIGKILL`, 'gm'))].length;
  }

  /** Why it is no more; null while it runs. */
  get ended(): string | null {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null ? null : `the cluster ended: ${this.#err.trim()}`;
  }

  async stop(): Promise<void> {
    if (this.ended !== null) return;
    const closed = once(this.#child, 'close');
    this.#terminate();
    await closed;
  }

  #terminate(): void {
    this.#child.kill('SIGTERM');
    this.#child.kill('SIGCONT');
  }

  async #opened(): Promise<void> {
    const ended = once(this.#child, 'close').then(() => {
      const said = this.#err.trim() || this.#out.trim();
      throw new ConfigurationError(`The cluster did not come up: ${said.replace(REFUSAL, '')}`);
    });
    while (this.urls.length === 0)
      await Promise.race([once(this.#child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    ended.catch(() => undefined);
  }
}
