import { execFileSync } from 'node:child_process';
import type { NetConnectOpts } from 'node:net';
import { type Cut, DrilledLine } from './drilled-line.ts';

/** Where a process runs that can be parted from all others. */
export interface FarPlace {
  /** What parts it. */
  readonly by: 'network namespace' | 'proxy';
  /** How a command is run there. */
  command(program: string, args: readonly string[]): readonly [program: string, args: readonly string[]];
  /** An address there that leads to something here. */
  way(target: NetConnectOpts): Promise<{ readonly host: string; readonly port: number }>;
  cut(how: Cut): void;
  mend(): void;
  stop(): Promise<void>;
}

/** A network namespace where those are allowed (Linux, root); else what is between is cut by a proxy. `proxy`: in any case. */
export function openFarPlace(proxy: boolean): FarPlace {
  if (proxy || process.platform !== 'linux' || process.getuid?.() !== 0) return new Proxied();
  const place = new Namespace(process.pid);
  try {
    place.open();
    return place;
  } catch {
    place.close();
    return new Proxied();
  }
}

const HERE = '127.0.0.1';

class Proxied implements FarPlace {
  readonly by = 'proxy';
  readonly #lines: DrilledLine[] = [];

  command(program: string, args: readonly string[]) {
    return [program, args] as const;
  }

  async way(target: NetConnectOpts) {
    const line = await DrilledLine.start(HERE, target);
    this.#lines.push(line);
    return { host: HERE, port: line.port };
  }

  cut(how: Cut): void {
    for (const line of this.#lines) line.cut(how);
  }

  mend(): void {
    for (const line of this.#lines) line.cut(null);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.stop()));
  }
}

/** Where Debian has it is not on everybody's path. */
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
/** Nobody has that one: what is sent to it is lost, and nobody says so. */
const NOBODY = '02:00:00:00:00:99';

/** Two machines, as the kernel sees it, and a cable between them. Packets are lost by sending them to an address that nobody has. */
class Namespace implements FarPlace {
  readonly by = 'network namespace';
  readonly #name: string;
  readonly #near: { readonly device: string; readonly host: string };
  readonly #far: { readonly device: string; readonly host: string };
  readonly #lines: DrilledLine[] = [];

  constructor(pid: number) {
    this.#name = `lifeverse-drill-${pid}`;
    const net = `10.213.${(pid >> 6) & 0xff}.`;
    const first = (pid & 0x3f) * 4;
    this.#near = { device: `lvd${pid}a`, host: `${net}${first + 1}` };
    this.#far = { device: `lvd${pid}b`, host: `${net}${first + 2}` };
    process.once('exit', () => this.close());
  }

  open(): void {
    const [near, far] = [this.#near, this.#far];
    ip('netns', 'add', this.#name);
    ip('link', 'add', near.device, 'type', 'veth', 'peer', 'name', far.device);
    ip('link', 'set', far.device, 'netns', this.#name);
    ip('addr', 'add', `${near.host}/30`, 'dev', near.device);
    ip('link', 'set', near.device, 'up');
    this.#there('addr', 'add', `${far.host}/30`, 'dev', far.device);
    this.#there('link', 'set', far.device, 'up');
    this.#there('link', 'set', 'lo', 'up');
  }

  /** The cable goes with it. */
  close(): void {
    try {
      ip('netns', 'del', this.#name);
    } catch {
      // It is gone already, or never was.
    }
  }

  command(program: string, args: readonly string[]) {
    return ['ip', ['netns', 'exec', this.#name, program, ...args]] as const;
  }

  async way(target: NetConnectOpts) {
    const line = await DrilledLine.start(this.#near.host, target);
    this.#lines.push(line);
    return { host: this.#near.host, port: line.port };
  }

  cut(how: Cut): void {
    const [near, far] = [this.#near, this.#far];
    const nobody = ['lladdr', NOBODY, 'nud', 'permanent', 'dev'];
    if (how !== 'deaf') this.#there('neigh', 'replace', near.host, ...nobody, far.device);
    if (how !== 'unheard') ip('neigh', 'replace', far.host, ...nobody, near.device);
  }

  mend(): void {
    const [near, far] = [this.#near, this.#far];
    for (const forget of [
      () => this.#there('neigh', 'flush', 'to', near.host, 'nud', 'permanent', 'dev', far.device),
      () => ip('neigh', 'flush', 'to', far.host, 'nud', 'permanent', 'dev', near.device),
    ])
      forget();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.stop()));
    this.close();
  }

  #there(...args: readonly string[]): void {
    ip('-n', this.#name, ...args);
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'ignore', env: { PATH } });
}
