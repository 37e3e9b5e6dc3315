import type { BusConditions } from './bus-link.ts';

/** A quiet network within one data centre. */
export const quiet: Readonly<BusConditions> = {
  cut: false,
  delayMs: 0.2,
  jitterMs: 1,
  loss: 0,
  duplicate: 0,
  reorder: 0,
};

export type LineKind = 'gateway and zone' | 'zone and desk' | 'zones';

/** The two directions between two places on the bus, the same for all processes that are there one after the other. */
export interface Line {
  readonly kind: LineKind;
  readonly up: BusConditions;
  readonly down: BusConditions;
}

/** Every pair of places that speak to each other: gateways and zones, zones and the desk, zones and zones. */
export class Lines {
  readonly all: readonly Line[];
  readonly #gateways = new Map<string, Line>();
  readonly #desks = new Map<number, Line>();
  readonly #zones = new Map<string, Line>();

  constructor(gateways: readonly string[], zones: readonly number[]) {
    const line = (kind: LineKind): Line => ({ kind, up: { ...quiet }, down: { ...quiet } });
    for (const gateway of gateways)
      for (const zone of zones) this.#gateways.set(`${gateway} ${zone}`, line('gateway and zone'));
    for (const zone of zones) this.#desks.set(zone, line('zone and desk'));
    for (const [i, zone] of zones.entries())
      for (const other of zones.slice(i + 1)) this.#zones.set(`${zone} ${other}`, line('zones'));
    this.all = [...this.#gateways.values(), ...this.#desks.values(), ...this.#zones.values()];
  }

  /** Up is to the zone. */
  ofGateway(gateway: string, zone: number): Line {
    return this.#gateways.get(`${gateway} ${zone}`) as Line;
  }

  /** Up is to the desk. */
  ofDesk(zone: number): Line {
    return this.#desks.get(zone) as Line;
  }

  /** One direction. */
  between(from: number, to: number): BusConditions {
    const line = this.#zones.get(from < to ? `${from} ${to}` : `${to} ${from}`) as Line;
    return from < to ? line.up : line.down;
  }
}
