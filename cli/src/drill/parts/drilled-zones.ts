import { makePlan, planOf, readPlans, readServers, type ZoneChange } from '@lifeverse/backend';
import type { ZonePlan } from '@lifeverse/contracts';
import { type Database, openDatabase } from '@lifeverse/node-kit';
import { runningWorldDatabase } from '../../database/world-database.ts';

/** The zones of a drilled cluster, as `lifeverse zones` shows and changes them. */
export class DrilledZones {
  /** Of the database. */
  readonly url: string;
  readonly #database: Database;

  /** `url`: of the database of a cluster that is open. */
  constructor(url: string) {
    this.url = url;
    this.#database = openDatabase({ url, maxConnections: 1, name: 'lifeverse-drill' });
  }

  /** `data`: of a cluster that has brought its database along. */
  static of(data: string): DrilledZones {
    const url = runningWorldDatabase(data);
    if (url === null) throw new Error(`no database runs in ${data}`);
    return new DrilledZones(url);
  }

  async plan(): Promise<ZonePlan> {
    const [latest] = await readPlans(this.#database, 1);
    if (latest === undefined) throw new Error('the cluster has no plan of its zones');
    return latest.plan;
  }

  /** Those that run. */
  async servers(): Promise<string[]> {
    const servers = await readServers(this.#database);
    return servers.filter(({ leaseLeftMs }) => leaseLeftMs > 0).map(({ server }) => server);
  }

  /** False: it has changed by itself in the meantime. */
  async change(change: ZoneChange): Promise<boolean> {
    return makePlan(this.#database, planOf(change, await this.plan()));
  }

  stop(): Promise<void> {
    return this.#database.close();
  }
}
