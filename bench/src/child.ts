import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Waiting {
  readonly type: string;
  resolve(message: never): void;
  reject(reason: Error): void;
}

/** A child process spoken to by messages of a `type`; whoever waits is told when it ends early. */
export class Child<Out extends { readonly type: string }, In extends { readonly type: string }> {
  readonly #process: ChildProcess;
  readonly #name: string;
  #waiting: Waiting[] = [];
  #ended: Error | null = null;
  readonly #closed: Promise<void>;

  constructor(name: string, main: URL, onMessage: (message: In) => void = () => {}) {
    this.#name = name;
    this.#process = fork(fileURLToPath(main), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#process.on('message', (message: In) => {
      const index = this.#waiting.findIndex((waiting) => waiting.type === message.type);
      if (index < 0) onMessage(message);
      else (this.#waiting.splice(index, 1)[0] as Waiting).resolve(message as never);
    });
    this.#closed = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        this.#ended = new Error(`${name} ended with ${signal ?? `code ${code}`}`);
        for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#ended);
        resolve();
      });
    });
  }

  send(message: Out): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /** The next message of a type; rejects when the process ends first, or after the time. */
  next<T extends In['type']>(type: T, withinMs: number): Promise<Extract<In, { readonly type: T }>> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const late = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(new Error(`${this.#name} did not answer '${type}' within ${withinMs / 1000} s`));
      };
      const timer = setTimeout(late, withinMs);
      const settled = <A extends unknown[]>(then: (...args: A) => void) => {
        return (...args: A) => {
          clearTimeout(timer);
          then(...args);
        };
      };
      const waiting: Waiting = { type, resolve: settled(resolve), reject: settled(reject) };
      this.#waiting.push(waiting);
    });
  }

  /** Sends and waits for the answer. */
  async ask<T extends In['type']>(message: Out, type: T, withinMs: number): Promise<Extract<In, { readonly type: T }>> {
    const answer = this.next(type, withinMs);
    this.send(message);
    return answer;
  }

  /** Asks it to stop; ends it when it does not. */
  async stop(message: Out, withinMs: number): Promise<void> {
    this.send(message);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), withinMs);
    await this.#closed;
    clearTimeout(timer);
  }
}
