import {
  type Bug,
  type CheckedRequest,
  checkHistory,
  checkRequest,
  MemoryTables,
  type Told,
} from '@lifeverse/backend/journal';
import { Random } from '@lifeverse/base';
import type { DurableOutcome, Operation, Stake } from '@lifeverse/contracts';
import { TradeServer } from './server.ts';

export interface TraceResult {
  /** Of all that happened, in order: equal traces have equal ones. */
  readonly hash: number;
  readonly violations: readonly string[];
  readonly events: readonly string[];
  /** Trades that were carried out. */
  readonly exchanged: number;
}

const ZONE = 1;
const START_GOLD = 20;
const STEPS = { least: 10, more: 26 };
/** A step that finds nothing to do is no event; so many in a row would be an endless wait. */
const DRAIN_STEPS = 20_000;

const uuid = (group: number, number: number): string =>
  `${group.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

const people = [1, 2, 3].map((number) => uuid(0xc, number));

interface Asked {
  readonly request: CheckedRequest;
  outcome: DurableOutcome | null;
}

/** One interleaving of people who trade and servers that fail, decided by a seed. */
export function runTrace(seed: number, bug: Bug | null): TraceResult {
  const trace = new Trace(seed, bug);
  trace.run();
  return trace.result();
}

class Trace {
  readonly #random: Random;
  readonly #tables = new MemoryTables();
  readonly #servers: TradeServer[];
  readonly #orphans: ConstructorParameters<typeof TradeServer>[4] = [];
  readonly #asked: Asked[] = [];
  readonly #told: Told[] = [];
  readonly #events: string[] = [];
  readonly #faults: string[] = [];
  #owner = 0;
  #trade = 1;
  #keys = 0;

  constructor(seed: number, bug: Bug | null) {
    this.#random = new Random(seed);
    for (const person of people) this.#tables.open(person, 'character');
    this.#tables.epochs.set(ZONE, 1);
    const server = (epoch: number) => new TradeServer(this.#tables, this.#random, bug, epoch, this.#orphans);
    this.#servers = [server(1), server(0)];
  }

  run(): void {
    for (const person of people)
      this.#ask(person, { kind: 'mint', money: { gold: START_GOLD }, items: ['lantern'] }, this.#current);
    this.#settle();
    const steps = STEPS.least + this.#random.below(STEPS.more);
    for (let step = 0; step < steps; step++) this.#event(this.#happen());
    this.#settle();
    this.#finishAll();
  }

  result(): TraceResult {
    const { operations, entries, moves, items, balances, trades, holders } = this.#tables;
    const durable = {
      operations: [...operations.values()],
      entries,
      moves,
      items: [...items.values()],
      balances: [...balances.values()],
      trades: [...trades.values()],
      holders,
    };
    const violations = [...this.#faults, ...checkHistory(this.#told, durable)];
    const exchanged = durable.trades.filter(({ state }) => state === 'done').length;
    return { hash: hashOf(this.#events), violations, events: this.#events, exchanged };
  }

  get #current(): TradeServer {
    return this.#servers[this.#owner] as TradeServer;
  }

  #event(event: string): void {
    if (event !== '') this.#events.push(event);
  }

  #happen(): string {
    const random = this.#random;
    const chance = random.below(100);
    if (chance < 30) return this.#askAnything();
    if (chance < 38) return this.#askAgain();
    if (chance < 40) return this.#takeOver();
    if (chance < 42) return random.pick(this.#servers).crash();
    if (chance < 44) return random.pick(this.#servers).disconnect();
    if (chance < 50) return this.#orphan();
    const which = random.below(this.#servers.length);
    const did = (this.#servers[which] as TradeServer).step();
    return did === '' ? '' : `${which} ${did}`;
  }

  #askAnything(): string {
    const random = this.#random;
    const person = random.pick(people);
    const operation = this.#operation(person);
    // Some still speak to the server that was replaced.
    const server = random.chance(0.9) ? this.#current : (this.#servers[1 - this.#owner] as TradeServer);
    this.#ask(person, operation, server);
    return `${people.indexOf(person)} ${JSON.stringify(operation)}`;
  }

  #operation(person: string): Operation {
    const random = this.#random;
    const other = random.pick(people.filter((each) => each !== person));
    const open = this.#tables.trades.get(uuid(0xa, this.#trade));
    if (open !== undefined && open.state !== 'open' && random.chance(0.5)) this.#trade++;
    const trade = uuid(0xa, this.#trade);
    const offer = open?.offer ?? 0;
    const chance = random.below(100);
    if (chance < 22) {
      const [gives, takes] = [this.#stake('gold'), this.#stake('silver')];
      const number = Math.max(1, random.chance(0.85) ? offer + 1 : offer);
      return { kind: 'offer', trade, with: other, offer: number, gives, takes };
    }
    if (chance < 68) return { kind: 'accept', trade, offer: Math.max(1, random.chance(0.9) ? offer : offer - 1) };
    if (chance < 74) return { kind: 'cancel', trade };
    if (chance < 88) return { kind: 'give', to: other, gives: this.#stake('gold') };
    const item = 1 + random.below(people.length);
    return chance < 94 ? { kind: 'drop', item, xMm: 1, yMm: 2 } : { kind: 'pick-up', item };
  }

  /** Never nothing. */
  #stake(currency: string): Stake {
    const random = this.#random;
    const items = random.chance(0.4) ? [1 + random.below(people.length)] : [];
    const amount = 1 + random.below(START_GOLD);
    return { money: currency === 'gold' && (items.length === 0 || random.chance(0.5)) ? { gold: amount } : {}, items };
  }

  #ask(holder: string, operation: Operation, server: TradeServer): void {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(++this.#keys);
    const request = checkRequest({ holder, key, operation, fence: { zone: ZONE, epoch: Math.max(1, server.epoch) } });
    // An offer of nothing for nothing, or a gift of it.
    if (typeof request === 'string') return;
    const asked: Asked = { request, outcome: null };
    this.#asked.push(asked);
    this.#send(asked, server);
  }

  #askAgain(): string {
    if (this.#asked.length === 0) return '';
    const at = this.#random.below(this.#asked.length);
    this.#send(this.#asked[at] as Asked, this.#current);
    return `again ${at}`;
  }

  /** The answer may get lost on its way; then the asker does not know. The zone's new owner asks under its own epoch. */
  #send(asked: Asked, server: TradeServer): void {
    const request = { ...asked.request, fence: { zone: ZONE, epoch: server.epoch } };
    server.submit(request, (outcome) => {
      if (this.#random.chance(0.15)) return;
      this.#told.push({ request: asked.request, outcome });
      if (outcome.ok || !/^(zone_replaced|journal_busy)$/.test(outcome.code)) asked.outcome = outcome;
      this.#event(outcome.ok ? `done ${outcome.operation}` : outcome.code);
    });
  }

  #takeOver(): string {
    const epoch = (this.#tables.epochs.get(ZONE) ?? 0) + 1;
    this.#tables.epochs.set(ZONE, epoch);
    this.#owner = 1 - this.#owner;
    this.#current.epoch = epoch;
    return `take over ${epoch}`;
  }

  /** A statement whose sender is gone is carried out late, or never. */
  #orphan(): string {
    const change = this.#orphans.shift();
    if (change === undefined) return '';
    return this.#random.chance(0.7) ? `late ${this.#tables.write(change)}` : 'never';
  }

  #settle(): void {
    for (let steps = 0; this.#orphans.length > 0 || !this.#servers.every(({ idle }) => idle); steps++) {
      if (steps > DRAIN_STEPS) {
        this.#faults.push('stuck: requests wait and nothing happens');
        return;
      }
      this.#event(this.#orphan());
      for (const server of this.#servers) this.#event(server.step());
    }
  }

  /** Everyone who was not answered asks until they are. */
  #finishAll(): void {
    for (let round = 0; round < 40; round++) {
      const untold = this.#asked.filter(({ outcome }) => outcome === null);
      if (untold.length === 0) return;
      for (const asked of untold) this.#send(asked, this.#current);
      this.#settle();
    }
    this.#faults.push('stuck: somebody is never answered');
  }
}

/** 53 bits of two FNV-1a hashes. */
function hashOf(events: readonly string[]): number {
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  for (const event of events) {
    for (let at = 0; at < event.length; at++) {
      low = Math.imul(low ^ event.charCodeAt(at), 0x01000193);
      high = Math.imul(high ^ event.charCodeAt(at), 0x01000193) ^ (low >>> 13);
    }
    low = Math.imul(low ^ 0xff, 0x01000193);
  }
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}
