import type { MessagePort } from 'node:worker_threads';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

interface Response {
  readonly id: number;
  readonly result: unknown;
  readonly failed: boolean;
}

/** Answers what another thread asks over this port. What `answer` throws reaches the asker as a refusal without detail. */
export function answerRequests(
  port: MessagePort,
  answer: (method: string, argument: unknown) => Promise<unknown>,
): void {
  port.on('message', ({ id, method, argument }: Request) => {
    const reply = (result: unknown, failed: boolean): void =>
      port.postMessage({ id, result, failed } satisfies Response);
    answer(method, argument).then(
      (result) => reply(result, false),
      () => reply(undefined, true),
    );
  });
}

/** Asks another thread; each question is answered, refused, or rejected after `timeoutMs`. */
export class RequestPort {
  readonly #port: MessagePort;
  readonly #timeoutMs: number;
  readonly #open = new Map<number, (response: Response) => void>();
  #nextId = 1;

  constructor(port: MessagePort, timeoutMs = 2_000) {
    this.#port = port;
    this.#timeoutMs = timeoutMs;
    port.on('message', (response: Response) => {
      this.#open.get(response.id)?.(response);
    });
  }

  ask(method: string, argument?: unknown): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#open.delete(id);
        settle();
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no answer to ${method} within ${this.#timeoutMs} ms`))),
        this.#timeoutMs,
      );
      this.#open.set(id, ({ result, failed }) =>
        finish(() => (failed ? reject(new Error(`${method} failed`)) : resolve(result))),
      );
      this.#port.postMessage({ id, method, argument } satisfies Request);
    });
  }

  close(): void {
    this.#port.close();
  }
}
