import type { Log } from '../log.ts';

/** What a role may need and not have. */
const needs = {
  start: 'all that it is made of',
  nats: 'NATS',
  database: 'the database',
  time: 'the exact time',
  backend: 'a backend',
  zone: 'the zone',
  plan: 'the plan of the zones',
} as const;

export type Need = keyof typeof needs;

/** Something that a role needs and that is not there. */
export interface Wait {
  readonly what: Need;
  /** What is known of the reason. */
  readonly why: string;
}

interface Said {
  why: string;
  /** Reasons that this absence was explained by: each is said once. */
  readonly reasons: Set<string>;
}

/** What a role waits for; it is ready while that is nothing. */
export class Waits {
  readonly #log: Log;
  readonly #said = new Map<Need, Said>();
  readonly #looks: (() => Wait | null)[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** It is not there. Said when that is news, and when the reason is. */
  begin(what: Need, why: string): void {
    const said = this.#said.get(what) ?? { why, reasons: new Set() };
    this.#said.set(what, said);
    said.why = why;
    if (said.reasons.has(why)) return;
    said.reasons.add(why);
    this.#log.error({ reason: why }, `${needs[what]} is not there: this role waits for it`);
  }

  /** It is there. Said when it was not. */
  end(what: Need): void {
    if (this.#said.delete(what)) this.#log.info(`${needs[what]} is there`);
  }

  /** What is looked at whenever somebody wants to know, and not said. */
  look(look: () => Wait | null): void {
    this.#looks.push(look);
  }

  /** Empty: ready. */
  list(): readonly Wait[] {
    const said = [...this.#said].map(([what, { why }]): Wait => ({ what, why }));
    return [...said, ...this.#looks.map((look) => look()).filter((wait) => wait !== null)];
  }
}
