import type { Random } from '@lifeverse/base';
import { Client, type Outcome } from '@lifeverse/client';
import { distanceToStall, prices, STALL_REACH_M, type Stall, type town, type Ware } from '@lifeverse/town';
import type { Asked, Laid, Wish } from '../books/history.ts';
import type { Shown } from '../books/judge.ts';
import type { Sighting } from '../walkers/record.ts';
import { AckWatch } from './ack-watch.ts';
import { ConnectionLog } from './connection-log.ts';
import { lostM, type Step, walkedBackS } from './walk-back.ts';
import type { WayThere } from './way-there.ts';

export type Town = ReturnType<typeof town>;
type Player = Client<Town['definition']>;

const FRAME_MS = 50;
/** The way of so long is kept, to see where one comes back to. */
const KEPT_MS = 20_000;
/** Those who wait to be let in again do so in a random part of the SDK's own delays, a short one: time is for faults. */
const PATIENCE = { least: 0.1, spread: 0.3 } as const;
const PENDING_MOST = 6;
const HAND_M = 3.5;
const GOAL_M = 3;
const AT_ONCE_COINS = 3;
/** In each frame, with room for more: whether something is asked for, whether the connection is broken. */
const ASKS = 0.6;
const BREAKS = 0.003;

export interface TraderPorts {
  readonly world: Town;
  readonly url: URL;
  readonly name: string;
  readonly random: Random;
  readonly stalls: readonly Stall[];
  /** Where one should go now. */
  goal(): WayThere;
  asked(asked: Asked): void;
}

/** What became of one's place after the server was killed. */
interface Interruption {
  readonly atMs: number;
  /** To be judged only if one was there when it happened. */
  readonly wasThere: boolean;
}

/** One player, by the SDK: walks, gives, trades, buys, sells, drops and picks up, with keys of their own. */
export class Trader {
  readonly name: string;
  readonly #ports: TraderPorts;
  readonly #player: Player;
  readonly #frames: NodeJS.Timeout;
  #way: Step[] = [];
  #key = '';
  #resting = false;
  #steered = { towards: 0, pace: 'stand' as 'stand' | 'walk' | 'run', frames: 0 };
  #interruption: Interruption | null = null;
  readonly connection = new ConnectionLog();
  readonly #acks: AckWatch;
  readonly #walkedBackS: number[] = [];
  readonly #lostM: number[] = [];
  #ended: string | null = null;

  constructor(ports: TraderPorts) {
    this.#ports = ports;
    this.name = ports.name;
    this.#acks = new AckWatch(ports.world);
    const { random } = ports;
    this.#player = new Client(ports.world, ports.url, {
      name: ports.name,
      openSocket: (url) => this.#acks.open(url),
      random: () => PATIENCE.least + random.float() * PATIENCE.spread,
      nowMs: () => performance.now(),
      newKey: () => {
        const key = crypto.getRandomValues(new Uint8Array(16));
        this.#key = Buffer.from(key).toString('hex');
        return key;
      },
    });
    this.#player.on('state', (state) => this.connection.state(state, performance.now()));
    this.#player.on('closed', ({ code }) => {
      this.#ended = code;
    });
    this.#frames = setInterval(() => this.#frame(), FRAME_MS);
  }

  /** Stands in the world; what they have may be shown a moment later, and may be nothing. */
  get playing(): boolean {
    const { state, me } = this.#player;
    return state === 'playing' && this.#interruption === null && me !== null;
  }

  get pending(): number {
    return this.#player.pending;
  }

  /** For who has to find out why they are not. */
  get where(): string {
    const { state, me, purse, items, pending } = this.#player;
    const stands = me === null ? 'nowhere' : 'in the world';
    const known = this.#interruption === null ? '' : ', not seen since the kill';
    return `${this.name} is ${state}, ${stands} with ${purse} coins and ${items.length} items, ${pending} pending${known}`;
  }

  /** Why they cannot come back any more; null while they can. */
  get ended(): string | null {
    return this.#ended;
  }

  /** After each kill of the server at which one was there: how much of the way is to be walked again. */
  get walkedBackS(): readonly number[] {
    return this.#walkedBackS;
  }

  /** Likewise, metres to where one was then. */
  get lostM(): readonly number[] {
    return this.#lostM;
  }

  /** When inputs were acknowledged. */
  get ackedMs(): readonly number[] {
    return this.#acks.ackedMs;
  }

  /** Players in view, oneself included. */
  get sightings(): Sighting[] {
    const { me, others } = this.#player;
    const all = [...(me === null ? [] : [me]), ...others];
    return all.filter(({ name }) => isTrader(name)).map(({ name, id }) => ({ name, entity: id }));
  }

  get shown(): Shown {
    return { player: this.name, purse: this.#player.purse, items: this.#player.items.map(({ id }) => id) };
  }

  get at(): { readonly x: number; readonly y: number } | null {
    const at = this.#player.me?.position;
    return at === undefined ? null : { x: at.x, y: at.y };
  }

  /** The server is being killed, now: where one stood is gone with it, but for what was kept. */
  serverKilled(): void {
    this.#interruption = { atMs: performance.now(), wasThere: this.playing };
  }

  /** Asks for nothing more, and leaves a table at which one sits. */
  rest(): void {
    this.#resting = true;
  }

  goOn(): void {
    this.#resting = false;
  }

  leave(): void {
    clearInterval(this.#frames);
    this.#player.close();
  }

  #frame(): void {
    this.#player.update();
    const { at } = this;
    if (this.#player.state !== 'playing' || at === null) return;
    const nowMs = performance.now();
    if (this.#interruption !== null && !this.#cameBack(this.#interruption, at)) return;
    this.#way.push({ ms: nowMs, ...at });
    if (this.#way.length > (2 * KEPT_MS) / FRAME_MS) this.#way = this.#way.filter(({ ms }) => ms > nowMs - KEPT_MS);
    this.#steer(at);
    if (!this.playing) return;
    if (this.#resting) this.#clearTable();
    else if (this.pending < PENDING_MOST) this.#act(at);
  }

  /** False while this is still the world from before. */
  #cameBack({ atMs, wasThere }: Interruption, at: { x: number; y: number }): boolean {
    if (this.connection.joinedMs <= atMs) return false;
    if (wasThere && this.#way.length > 0) {
      this.#walkedBackS.push(walkedBackS(this.#way, atMs, at));
      this.#lostM.push(lostM(this.#way, atMs, at));
    }
    this.#interruption = null;
    this.#way = [];
    return true;
  }

  #steer(at: { x: number; y: number }): void {
    const { random, goal } = this.#ports;
    const way = goal();
    const far = way.steps(at) > GOAL_M;
    const last = this.#steered;
    if (far) {
      const next = way.next(at);
      this.#walk(Math.atan2(next.y - at.y, next.x - at.x), 'run');
    } else if (++last.frames > 10) this.#walk(random.between(0, 2 * Math.PI), random.below(3) === 0 ? 'stand' : 'walk');
    // Once more: how soon inputs are acknowledged is measured on one in every tick.
    else this.#player.send.walk({ towards: last.towards, pace: last.pace });
  }

  #walk(towards: number, pace: 'stand' | 'walk' | 'run'): void {
    this.#player.send.walk({ towards, pace });
    this.#steered = { towards, pace, frames: 0 };
  }

  #clearTable(): void {
    if (this.#player.table !== null && this.pending < PENDING_MOST)
      this.#ask({ do: 'cancel' }, this.#player.ask.cancel());
  }

  #act(at: { x: number; y: number }): void {
    const { random } = this.#ports;
    if (random.float() < BREAKS) this.connection.byOneself(() => this.#player.reconnect());
    else if (random.float() >= ASKS) return;
    else if (this.#player.table !== null && random.below(3) > 0) this.#atTable();
    else this.#deal(at);
  }

  #atTable(): void {
    const { random } = this.#ports;
    const player = this.#player;
    const { table } = player;
    if (table === null) return;
    const { version: seen } = table;
    const other = this.#nameOf(table.with);
    const laid = ({ money, items }: typeof table.mine): Laid => ({ money, items: items.map(({ id }) => id) });
    const mine = laid(table.mine);
    if (random.below(20) === 0) this.#ask({ do: 'cancel' }, player.ask.cancel());
    else if (mine.money + mine.items.length === 0 && random.below(3) > 0)
      this.#ask({ do: 'offer' }, player.ask.offer({ seen, ...this.#stake() }));
    else if (!table.iAccept && other !== null)
      this.#ask({ do: 'accept', with: other, mine, theirs: laid(table.theirs) }, player.ask.accept({ seen }));
  }

  #deal(at: { x: number; y: number }): void {
    const { random } = this.#ports;
    const player = this.#player;
    const neighbours = [...player.near(HAND_M)].filter(({ name }) => isTrader(name));
    const partner = neighbours[random.below(Math.max(1, neighbours.length))];
    switch (random.below(8)) {
      case 0:
      case 1: {
        if (partner === undefined) return;
        const { money, items } = this.#stake();
        const gives = { money, items: items.map(({ id }) => id) };
        this.#ask({ do: 'give', to: partner.name, gives }, player.ask.give({ to: partner.id, money, items }));
        return;
      }
      case 2:
      case 3:
        if (partner !== undefined) this.#ask({ do: 'trade' }, player.ask.trade({ with: partner.id }));
        return;
      case 4:
        this.#buy(at);
        return;
      case 5:
        this.#sell(at);
        return;
      case 6: {
        const item = this.#anItem()?.id;
        if (item !== undefined) this.#ask({ do: 'drop', item }, player.ask.drop({ item }));
        return;
      }
      default: {
        const thing = [...player.near(HAND_M)].find(({ ware }) => ware !== 'none');
        if (thing !== undefined) this.#ask({ do: 'pickUp' }, player.ask.pickUp({ thing: thing.id }));
      }
    }
  }

  #buy(at: { x: number; y: number }): void {
    const stall = this.#stallNear(at);
    const kind = stall?.wares[this.#ports.random.below(stall.wares.length)];
    if (stall === undefined || kind === undefined) return;
    const price = prices[kind].asks;
    const { name } = stall;
    this.#ask({ do: 'buy', stall: name, price }, this.#player.ask.buy({ stall: name, kind, price }));
  }

  #sell(at: { x: number; y: number }): void {
    const stall = this.#stallNear(at);
    const item = this.#anItem();
    if (stall === undefined || item === undefined) return;
    const price = prices[item.kind as Ware].pays;
    const { name } = stall;
    const wish = { do: 'sell', stall: name, price, item: item.id } as const;
    this.#ask(wish, this.#player.ask.sell({ stall: name, item: item.id, price }));
  }

  #stallNear(at: { x: number; y: number }): Stall | undefined {
    return this.#ports.stalls.find((stall) => distanceToStall(stall, at) <= STALL_REACH_M);
  }

  #anItem(): { readonly id: number; readonly kind: Ware } | undefined {
    const { items } = this.#player;
    return items[this.#ports.random.below(Math.max(1, items.length))] as never;
  }

  /** Coins, an item, or both; now and then more than one has. */
  #stake(): { money: number; items: { id: number; kind: Ware }[] } {
    const { random } = this.#ports;
    const item = random.below(3) === 0 ? this.#anItem() : undefined;
    const money = random.below(40) === 0 ? this.#player.purse + 1 : 1 + random.below(AT_ONCE_COINS);
    return item === undefined ? { money, items: [] } : { money: random.below(2) * money, items: [item] };
  }

  #nameOf(id: number): string | null {
    return this.#player.entity(id as never)?.name ?? null;
  }

  /** Just asked for by the SDK, with the key that it drew for it. */
  #ask(wish: Wish, answer: Promise<Outcome>): void {
    const asked: Asked = {
      player: this.name,
      key: this.#key,
      wish,
      askedMs: performance.now(),
      answeredMs: Number.POSITIVE_INFINITY,
      outcome: null,
    };
    this.#ports.asked(asked);
    answer.then((outcome) => {
      asked.outcome = outcome;
      asked.answeredMs = performance.now();
    });
  }
}

function isTrader(name: string): boolean {
  return name.startsWith('Trader');
}
