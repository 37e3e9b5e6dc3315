import { parentPort, workerData } from 'node:worker_threads';
import { quantile } from '@lifeverse/base';
import { UplinkWriter } from '@lifeverse/contracts';
import { SystemClock } from '@lifeverse/node-kit';
import { open } from '@lifeverse/open';
import { rules } from '@lifeverse/open/server';
import { cellKey } from '@lifeverse/sync/common';
import { type ServedWorld, ZoneCore } from '@lifeverse/world';
import { plainSideM } from '../movement.ts';

/** How long the ticks of a while took: the work alone, and from when they were due. */
export interface Ticks {
  readonly workMsP50: number;
  readonly workMsP99: number;
  readonly dueMsP99: number;
  /** Of changes told: a zone that does nothing tells none. */
  readonly changeBytes: number;
}

/** Renewed well within a reader's lease. */
const RENEW_TICKS = 20;
const GATEWAY = 'bench';

/** A zone in which everyone walks and is turned around in every tick, and a gateway that wants to hear of every cell. */
class BusyZone {
  readonly #zone: ZoneCore;
  readonly #periodMs: number;
  readonly #uplinks = new UplinkWriter(GATEWAY, 1);
  #tick = 0;

  constructor(players: number) {
    const sideM = Math.ceil(plainSideM(players));
    const world = open({ areaM2: sideM * sideM });
    const served = rules(world, { storm: true }) as unknown as ServedWorld;
    this.#periodMs = 1_000 / world.layout.tickHz;
    this.#zone = new ZoneCore({
      served,
      zone: 1,
      epoch: 1,
      seed: 1,
      clock: new SystemClock(),
      options: {},
      ports: {
        toGateway() {},
        truth() {},
        fault: (where, error) => {
          throw new Error(where, { cause: error });
        },
      },
    });
    for (let session = 1; session <= players; session++)
      this.#uplinks.add({
        op: 'attach',
        session,
        character: `walker-${session}`,
        incarnation: 1,
        name: `W ${session}`,
      });
    const cells = Math.ceil(sideM / world.layout.cellSizeM);
    const add = Array.from({ length: cells * cells }, (_, slot) => ({
      slot,
      cell: cellKey(slot % cells, Math.floor(slot / cells)) as number,
      audience: 0,
    }));
    this.#uplinks.add({ op: 'interest', version: 1, base: 0, add, drop: [] });
    this.#zone.uplink(this.#uplinks.take(), 0);
    this.#step();
    for (let row = 0; row < this.#zone.store.end; row++)
      this.#zone.hands.act(row, 'walk', { towards: (row / this.#zone.store.end) * 6, pace: 'run' });
  }

  #step(): void {
    this.#tick++;
    if (this.#tick % RENEW_TICKS === 0) {
      this.#uplinks.add({ op: 'key', slot: 0 });
      this.#zone.uplink(this.#uplinks.take(), this.#tick * this.#periodMs);
    }
    this.#zone.tick(this.#tick, this.#tick * this.#periodMs);
  }

  run(ms: number, done: (ticks: Ticks) => void): void {
    const work: number[] = [];
    const due: number[] = [];
    const bytesBefore = this.#zone.counters.change_bytes;
    const startMs = performance.now();
    const next = (): void => {
      const begunMs = performance.now();
      this.#step();
      const endMs = performance.now();
      work.push(endMs - begunMs);
      due.push(endMs - (startMs + (due.length + 1) * this.#periodMs));
      const waitMs = startMs + (due.length + 1) * this.#periodMs - performance.now();
      if (endMs - startMs < ms) setTimeout(next, Math.max(0, waitMs));
      else
        done({
          workMsP50: quantile(work, 0.5) ?? Number.NaN,
          workMsP99: quantile(work, 0.99) ?? Number.NaN,
          dueMsP99: quantile(due, 0.99) ?? Number.NaN,
          changeBytes: this.#zone.counters.change_bytes - bytesBefore,
        });
    };
    setTimeout(next, this.#periodMs);
  }
}

const zone = new BusyZone((workerData as { readonly players: number }).players);
parentPort?.on('message', (ms: number) => zone.run(ms, (ticks) => parentPort?.postMessage(ticks)));
