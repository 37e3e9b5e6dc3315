import { subjects } from '@lifeverse/contracts';
import { NatsBus } from '@lifeverse/node-kit';
import { CLUSTER } from '../parts/drilled-cluster.ts';
import { DeskLog } from './desk-log.ts';
import { OwnerLog } from './owner-log.ts';

/** Hears everything that zones say on the bus of a drill's own NATS, and says nothing. */
export class BusWitness {
  readonly owners = new OwnerLog();
  readonly desk = new DeskLog();
  readonly #bus: NatsBus;

  private constructor(bus: NatsBus) {
    this.#bus = bus;
    bus.subscribe(subjects.bundle('*'), (bytes) => this.owners.bundle(bytes, performance.now()));
    bus.subscribe(subjects.ownership, (bytes) => this.owners.notice(bytes));
    bus.subscribe(subjects.desk, (bytes) => this.desk.request(bytes));
    bus.subscribe(subjects.deskAnswer('*'), (bytes) => this.desk.answer(bytes));
  }

  static async start(natsUrl: string): Promise<BusWitness> {
    return new BusWitness(await NatsBus.connect({ servers: [natsUrl], name: 'a witness', prefix: CLUSTER }));
  }

  stop(): void {
    this.#bus.close();
  }
}
