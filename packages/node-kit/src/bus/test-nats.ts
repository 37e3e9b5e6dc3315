import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const PROGRAM = '/usr/sbin/nats-server';
const READY = /Server is ready/;
const LISTENING = /Listening for client connections on \S+:(\d+)/;

/** A real NATS server of a test, on a port of its own. */
export class TestNats {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess;

  private constructor(folder: string, child: ChildProcess, port: number) {
    this.#folder = folder;
    this.#child = child;
    this.port = port;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** `settings`: in the server's own form. Gone when the test has finished. */
  static async start(settings = ''): Promise<TestNats> {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-nats-'));
    writeFileSync(join(folder, 'nats.conf'), settings);
    const { child, port } = await run(folder, -1);
    const server = new TestNats(folder, child, port);
    onTestFinished(() => server.stop());
    return server;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  /** On the same port as before. */
  async again(): Promise<void> {
    this.#child = (await run(this.#folder, this.port)).child;
  }

  /** It takes nothing until it goes on. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }
}

/** Port -1 takes a free one. */
async function run(folder: string, port: number): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const args = ['-a', '127.0.0.1', '-p', String(port), '-c', join(folder, 'nats.conf')];
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      said += chunk;
      if (READY.test(said)) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`nats-server ended: ${said}`)));
  });
  return { child, port: Number(LISTENING.exec(said)?.[1]) };
}
