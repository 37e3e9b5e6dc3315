import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { passedOn } from '../../cluster/role-environment.ts';
import type { LaneLog } from '../report/lane-log.ts';
import { CLUSTER } from './drilled-cluster.ts';
import type { Cut } from './drilled-line.ts';
import { type FarPlace, openFarPlace } from './far-place.ts';

const program = fileURLToPath(new URL('../../../bin/lifeverse.mjs', import.meta.url));
const RUNS = / runs$/;
/** As PostgreSQL calls it. */
const SOCKET = '.s.PGSQL.5432';

export interface FarZoneOptions {
  /** Of the drill, with its world. */
  readonly folder: string;
  readonly seed: number;
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** By a proxy in any case. */
  readonly proxy: boolean;
  readonly lanes: LaneLog;
}

/** A zone server that stands apart from the cluster's others: it reaches them over a line that can be cut. */
export class FarZone {
  readonly server = 'far-zone';
  readonly by: FarPlace['by'];
  readonly #options: FarZoneOptions;
  readonly #place: FarPlace;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  #said = '';

  private constructor(options: FarZoneOptions, place: FarPlace, environment: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#place = place;
    this.by = place.by;
    this.#environment = environment;
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  static async start(options: FarZoneOptions): Promise<FarZone> {
    const place = openFarPlace(options.proxy);
    const { hostname: host, port } = new URL(options.natsUrl);
    const nats = await place.way({ host, port: Number(port) });
    const { pathname, searchParams } = new URL(options.databaseUrl);
    const database = await place.way({ path: join(searchParams.get('host') ?? '', SOCKET) });
    const zone = new FarZone(options, place, {
      ...passedOn(process.env),
      LIFEVERSE_NATS: `nats://${nats.host}:${nats.port}`,
      DATABASE_URL: `postgresql://${searchParams.get('user')}@${database.host}:${database.port}${pathname}`,
      LIFEVERSE_WORLD: join(options.folder, 'world.mjs'),
      LIFEVERSE_CLUSTER: CLUSTER,
      LIFEVERSE_SEED: String(options.seed),
      LIFEVERSE_LOG_LEVEL: 'silent',
    });
    await zone.run();
    return zone;
  }

  /** It is started, unless it runs: one that has lost everything may have ended. Resolves when it is open. */
  async run(): Promise<void> {
    if (this.#child !== null) return;
    const [command, args] = this.#place.command(process.execPath, [program, 'zone', '--name', this.server]);
    const child = spawn(command, args, { env: this.#environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#said = '';
    child.stderr?.on('data', (piece) => {
      this.#said += piece;
    });
    child.once('close', () => {
      this.#child = null;
      this.#options.lanes.note(this.server, 'gone', performance.now());
    });
    const open = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        if (RUNS.test(line)) resolve();
      });
    });
    const ended = once(child, 'close').then(() => {
      throw new Error(`the zone server ${this.server} did not come up: ${this.#said.trim()}`);
    });
    ended.catch(() => undefined);
    await Promise.race([open, ended]);
    this.#options.lanes.note(this.server, 'alive', performance.now());
  }

  cut(how: Cut): void {
    this.#place.cut(how);
    this.#options.lanes.note(this.server, 'silent', performance.now());
  }

  mend(): void {
    this.#place.mend();
    if (this.#child !== null) this.#options.lanes.note(this.server, 'alive', performance.now());
  }

  async stop(): Promise<void> {
    this.#place.mend();
    const child = this.#child;
    if (child !== null) {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    }
    await this.#place.stop();
  }
}
