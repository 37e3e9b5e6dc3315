import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** Which of the two ways over a line does not get through: what is said from its far end, what is said to it, or both. */
export type Cut = 'whole' | 'unheard' | 'deaf';

/** A TCP port that leads to something else. What does not get through is kept, as a network repeats what was not acknowledged. */
export class DrilledLine {
  readonly #server: Server;
  readonly #pairs = new Set<{ readonly far: Socket; readonly near: Socket }>();
  #cut: Cut | null = null;

  private constructor(target: NetConnectOpts) {
    this.#server = createServer((far) => this.#join(far, connect(target)));
  }

  /** `host`: of this machine, where it listens on a free port. */
  static async start(host: string, target: NetConnectOpts): Promise<DrilledLine> {
    const line = new DrilledLine(target);
    await new Promise<void>((resolve, reject) => {
      line.#server.once('error', reject);
      line.#server.listen({ host, port: 0 }, resolve);
    });
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Null: everything gets through again. */
  cut(how: Cut | null): void {
    this.#cut = how;
    for (const pair of this.#pairs) this.#flow(pair);
  }

  async stop(): Promise<void> {
    for (const { far, near } of this.#pairs) {
      far.destroy();
      near.destroy();
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(far: Socket, near: Socket): void {
    const pair = { far, near };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [far, near],
      [near, far],
    ] as const) {
      from.on('error', () => undefined);
      from.on('data', (bytes) => to.write(bytes));
      from.once('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
    this.#flow(pair);
  }

  #flow({ far, near }: { readonly far: Socket; readonly near: Socket }): void {
    if (this.#cut === 'whole' || this.#cut === 'unheard') far.pause();
    else far.resume();
    if (this.#cut === 'whole' || this.#cut === 'deaf') near.pause();
    else near.resume();
  }
}
