import type {
  CommandsOf,
  ComponentsOf,
  EntityId,
  EventsOf,
  OperationsOf,
  World,
  WorldDefinition,
} from '@lifeverse/definition';
import { type ErrorCode, LifeverseError } from '@lifeverse/protocol';
import { ClientCore, type Motion, type ReplicaEntity } from '@lifeverse/sync/client';
import { Link, type LinkOptions } from './link.ts';
import { Operations, type Outcome } from './operations.ts';
import type { Waiting } from './ticket.ts';
import { compileView, EntityView, type ViewClass } from './views.ts';

/** `waiting`: in the waiting room, before joining for the first time or again. */
export type ClientState = 'connecting' | 'waiting' | 'joining' | 'playing' | 'reconnecting' | 'closed';

type Seen<D extends WorldDefinition> = Readonly<Omit<ComponentsOf<D>, 'position'>> & {
  readonly id: EntityId;
  /** Metres, as to be drawn now; the object is renewed in place. */
  readonly position: { readonly x: number; readonly y: number };
  /** Metres per second, as shown. */
  readonly velocity: { readonly x: number; readonly y: number };
};

/** Another entity in view. */
export type Other<D extends WorldDefinition> = Seen<D>;
/** The own avatar: predicted, and with the components that only its owner sees. */
export type Me<D extends WorldDefinition> = Seen<D>;

export interface ClientStats {
  readonly pingMs: number;
  readonly jitterMs: number;
  readonly bytesPerS: number;
  /** How far behind the server's time others are shown. */
  readonly viewDelayMs: number;
  readonly cellsInView: number;
  readonly entitiesInView: number;
  /** Between the own prediction and the server's word, at its last tiding. */
  readonly predictionErrorM: number;
  readonly serverTick: number;
  /** The moment of the world, in ticks, at which others are shown. */
  readonly shownTick: number;
  /** From a tick to the arrival of its frame, the last one. */
  readonly stalenessMs: number;
  readonly rekeys: number;
  readonly errors: number;
}

interface OwnEvents {
  state: ClientState;
  waiting: Waiting;
  enter: EntityId;
  leave: EntityId;
  /** A command that the server did not carry out. */
  refused: { readonly code: ErrorCode; readonly command: string };
  /** Why the connection was lost or is not to be had; it is tried again by itself. The message is for the player. */
  trouble: LifeverseError;
  closed: LifeverseError;
}

type EventMap<D extends WorldDefinition> = OwnEvents & {
  [E in keyof EventsOf<D>]: EventsOf<D>[E] & { readonly from: EntityId };
};

type Senders<D extends WorldDefinition> = {
  readonly [C in keyof CommandsOf<D>]: keyof CommandsOf<D>[C] extends never
    ? () => boolean
    : (input: CommandsOf<D>[C]) => boolean;
};

/** Asks for an operation; undefined in a world that has none of that name. */
type Asker<D extends WorldDefinition, O> = O extends keyof OperationsOf<D>
  ? keyof OperationsOf<D>[O] extends never
    ? () => Promise<Outcome>
    : (input: OperationsOf<D>[O]) => Promise<Outcome>
  : undefined;

type Askers<D extends WorldDefinition> = { readonly [O in keyof OperationsOf<D>]: Asker<D, O> };

interface Belonging {
  readonly id: number;
  readonly kind: string;
}

/** What lies between the own avatar and another: `version` is to be named by who accepts it or changes their offer. */
export interface TradeTable {
  readonly with: EntityId;
  readonly version: number;
  readonly mine: { readonly money: number; readonly items: readonly Belonging[] };
  readonly theirs: TradeTable['mine'];
  readonly iAccept: boolean;
  readonly theyAccept: boolean;
}

/** What `belongings` of the definition gives the own avatar. */
interface Having {
  readonly purse?: number;
  readonly items?: readonly Belonging[];
  readonly tradeWith?: EntityId;
  readonly tradeVersion: number;
  readonly tradeMine: readonly Belonging[];
  readonly tradeMineMoney: number;
  readonly tradeTheirs: readonly Belonging[];
  readonly tradeTheirsMoney: number;
  readonly tradeIAccept: boolean;
  readonly tradeTheyAccept: boolean;
}

const REMEMBERED_COMMANDS = 64;
const BEAT_MS = 250;

export interface ClientOptions extends Omit<LinkOptions, 'servers'> {
  /** 16 random bytes, never the same; the platform's when left out. */
  readonly newKey?: () => Uint8Array;
}

/** A player's connection to a world. `connect` makes one. */
export class Client<D extends WorldDefinition> {
  /**
   * Sends a command. A predicted one moves the own avatar at once. False while not in the world, and while the server has
   * not applied the last 64; throws a RangeError when a value does not fit its field.
   */
  readonly send: Senders<D>;
  /**
   * Asks for what is to last. Resolves when it is done for good, or refused: with why, as a code and as a sentence. Asked
   * again by itself, also on another connection, until it is answered; done once. Rejects with a RangeError when a value
   * does not fit its field.
   */
  readonly ask: Askers<D>;
  readonly #core: ClientCore;
  readonly #link: Link;
  readonly #operations: Operations;
  readonly #nowMs: () => number;
  readonly #handlers = new Map<string, Set<(value: never) => void>>();
  readonly #views = new Map<number, EntityView>();
  readonly #sent = new Map<number, string>();
  readonly #motion: Motion = { x: 0, y: 0, vx: 0, vy: 0 };
  readonly #beat: ReturnType<typeof setInterval>;
  #Other: ViewClass = EntityView;
  #Me: ViewClass = EntityView;
  #me: EntityView | null = null;
  #heardTick = 0;
  #state: ClientState = 'connecting';
  #bytes = { sinceMs: 0, count: 0, perS: 0 };

  /** `servers`: by any of them the world is entered; what these tell of others is learned. */
  constructor(world: World<D>, servers: URL | readonly URL[], options: ClientOptions) {
    this.#nowMs = options.nowMs;
    this.#core = new ClientCore(world as unknown as World, {
      send: (bytes) => this.#link.send(bytes),
      joined: () => this.#joined(),
      entered: (entity) => this.#entered(entity),
      left: (id) => this.#left(id),
      heard: (event, from, values) => this.#tell(event, { ...values, from }),
      refused: (code, sequence) => this.#tell('refused', { code, command: this.#sent.get(sequence) ?? '' }),
      answered: (key, outcome) => this.#operations.answered(key, outcome),
      asked: (go) => this.#link.go(go),
      moved: () => this.#operations.joined(),
      unreadable: () => {
        this.#link.close();
        this.#ended(new LifeverseError('layout_unsupported'));
      },
    });
    const send: Record<string, (input?: object) => boolean> = {};
    for (const { name } of world.layout.commands) send[name] = (input = {}) => this.#command(name, input);
    this.send = send as Senders<D>;
    this.#operations = new Operations({
      send: (key, again, name, input) => this.#core.operation(key, again, name, input as Record<string, unknown>),
      newKey: options.newKey ?? (() => crypto.getRandomValues(new Uint8Array(16))),
    });
    const ask: Record<string, (input?: object) => Promise<Outcome>> = {};
    for (const { name } of world.layout.operations ?? []) ask[name] = (input = {}) => this.#operations.ask(name, input);
    this.ask = ask as Askers<D>;
    this.#link = new Link(
      { ...options, servers: [servers].flat() },
      {
        opened: (ticket) => {
          this.#setState('joining');
          this.#core.open(ticket);
        },
        message: (bytes) => this.#core.receive(bytes, this.#nowMs()),
        troubled: (error) => this.#tell('trouble', error),
        waiting: (waiting) => {
          this.#setState('waiting');
          this.#tell('waiting', waiting);
        },
        // Who waits and does not reach the server once waits on.
        lost: () => {
          if (this.#state !== 'connecting' && this.#state !== 'waiting') this.#setState('reconnecting');
        },
        ended: (error) => this.#ended(error),
        move: {
          first: (ticket) => this.#core.move(ticket),
          message: (bytes) => this.#core.receiveNext(bytes),
          taken: () => this.#core.taken(this.#nowMs()),
        },
      },
    );
    this.#beat = setInterval(() => {
      this.#core.update(this.#nowMs());
      this.#link.beat();
      const heardTick = this.#core.session?.tick ?? 0;
      this.#operations.beat(heardTick !== this.#heardTick);
      this.#heardTick = heardTick;
    }, BEAT_MS);
  }

  /** The origin of the server by which the player is in the world, or is on the way into it; another one from time to time. */
  get server(): string {
    return this.#link.server.origin;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Null until the avatar stands in the world. */
  get me(): Me<D> | null {
    return this.#me as unknown as Me<D> | null;
  }

  get give(): Asker<D, 'give'> {
    return this.#asker('give');
  }

  /** Opens a table with another; what lies there is `table`, changed by `ask.offer`, `ask.accept` and `ask.cancel`. */
  get trade(): Asker<D, 'trade'> {
    return this.#asker('trade');
  }

  get buy(): Asker<D, 'buy'> {
    return this.#asker('buy');
  }

  get sell(): Asker<D, 'sell'> {
    return this.#asker('sell');
  }

  get pickUp(): Asker<D, 'pickUp'> {
    return this.#asker('pickUp');
  }

  get drop(): Asker<D, 'drop'> {
    return this.#asker('drop');
  }

  #asker<O extends string>(name: O): Asker<D, O> {
    return (this.ask as Record<string, unknown>)[name] as Asker<D, O>;
  }

  /** Of the world's currency. */
  get purse(): number {
    return this.#having?.purse ?? 0;
  }

  get items(): readonly Belonging[] {
    return this.#having?.items ?? [];
  }

  /** The trade that is open; null when none is. */
  get table(): TradeTable | null {
    const has = this.#having;
    if (has === null || (has.tradeWith ?? 0) === 0) return null;
    return {
      with: has.tradeWith as EntityId,
      version: has.tradeVersion,
      mine: { money: has.tradeMineMoney, items: has.tradeMine },
      theirs: { money: has.tradeTheirsMoney, items: has.tradeTheirs },
      iAccept: has.tradeIAccept,
      theyAccept: has.tradeTheyAccept,
    };
  }

  get #having(): Having | null {
    return this.#me as unknown as Having | null;
  }

  /** Operations that were not answered yet. */
  get pending(): number {
    return this.#operations.pending;
  }

  /** Everyone else in view. */
  get others(): Iterable<Other<D>> {
    return this.#others() as Iterable<unknown> as Iterable<Other<D>>;
  }

  *#others(): Generator<EntityView> {
    for (const view of this.#views.values()) if (view !== this.#me) yield view;
  }

  /** Others within metres of the own avatar. */
  *near(radiusM: number): Generator<Other<D>> {
    const me = this.#me;
    if (me === null) return;
    for (const view of this.#others()) {
      const dx = view.position.x - me.position.x;
      const dy = view.position.y - me.position.y;
      if (dx * dx + dy * dy <= radiusM * radiusM) yield view as unknown as Other<D>;
    }
  }

  /** The entity of that identity, if it is in view. */
  entity(id: EntityId): Other<D> | undefined {
    return this.#views.get(id) as unknown as Other<D> | undefined;
  }

  /** Returns what ends the listening. */
  on<E extends keyof EventMap<D> & string>(event: E, handler: (value: EventMap<D>[E]) => void): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers);
    handlers.add(handler as (value: never) => void);
    return () => handlers.delete(handler as (value: never) => void);
  }

  /** Brings prediction and everyone's position to now; once per frame that is drawn. */
  update(): void {
    const nowMs = this.#nowMs();
    this.#core.update(nowMs);
    const tick = this.#core.shownTick(nowMs);
    for (const view of this.#views.values()) if (view !== this.#me) this.#show(view, tick, nowMs);
    if (this.#me !== null) this.#show(this.#me, tick, nowMs);
  }

  #show(view: EntityView, tick: number, nowMs: number): void {
    const motion = this.#motion;
    if (view !== this.#me) view.entity.track.at(tick, motion);
    else if (!this.#core.showSelf(nowMs, motion)) return;
    view.show(motion, this.#core.session?.layout.tickHz ?? 20);
  }

  get stats(): ClientStats {
    const nowMs = this.#nowMs();
    const { clock, counters, staleness, avatar } = this.#core;
    this.#countBytes(nowMs);
    return {
      pingMs: clock.roundTripMs,
      jitterMs: clock.jitterMs,
      bytesPerS: this.#bytes.perS,
      viewDelayMs: this.#core.viewDelayMs,
      cellsInView: this.#core.cellsInView,
      entitiesInView: this.#core.entities.size,
      predictionErrorM: (avatar?.errorMm ?? 0) / 1_000,
      serverTick: Math.floor(clock.serverMs(nowMs) / (this.#core.session?.periodMs ?? 50)),
      shownTick: this.#core.shownTick(nowMs),
      stalenessMs: staleness[staleness.length - 1] ?? 0,
      rekeys: counters.rekeys,
      errors: counters.errors,
    };
  }

  #countBytes(nowMs: number): void {
    const elapsedMs = nowMs - this.#bytes.sinceMs;
    if (elapsedMs < 1_000) return;
    const { bytes } = this.#core.counters;
    this.#bytes = { sinceMs: nowMs, count: bytes, perS: ((bytes - this.#bytes.count) * 1_000) / elapsedMs };
  }

  /** Nothing that this entity says is heard any more, or again. */
  mute(id: EntityId, muted: boolean): void {
    this.#core.mute(id, muted);
  }

  /** Leaves the world. */
  close(): void {
    if (this.#state === 'closed') return;
    if (this.#core.joined) this.#core.leave();
    this.#link.close();
    this.#finish();
  }

  /** Comes back with this session from now on: the server has given another one for the former, which is void. */
  useSession(session: string): void {
    this.#link.useSession(session);
  }

  /** Breaks the connection and comes back: for a device that has just woken, and for tests. */
  reconnect(): void {
    this.#link.reconnect();
  }

  #finish(): void {
    clearInterval(this.#beat);
    this.#operations.end();
    this.#setState('closed');
  }

  #ended(error: LifeverseError): void {
    this.#finish();
    this.#tell('closed', error);
  }

  #command(name: string, input: object): boolean {
    const sequence = this.#core.command(name, input as Record<string, unknown>, this.#nowMs());
    if (typeof sequence === 'string') throw new RangeError(sequence);
    if (sequence === undefined) return false;
    this.#sent.set(sequence, name);
    this.#sent.delete(sequence - REMEMBERED_COMMANDS);
    return true;
  }

  #joined(): void {
    this.#link.succeeded();
    const { session } = this.#core;
    if (session === null) return;
    const shared = { names: session.sections.componentNames, fields: session.sections.components };
    this.#Other = compileView(shared);
    this.#Me = compileView(shared, { ...this.#core.privateFields, raws: session.owned });
    this.#views.clear();
    for (const entity of this.#core.entities.values()) this.#entered(entity);
    // Who comes back is where the server says from now on, though the own entity may be told of a moment later.
    if (this.#me !== null) this.#show(this.#me, 0, this.#nowMs());
    this.#setState('playing');
    this.#operations.joined();
  }

  /** Has its position from the first moment on. Whoever is known before one has joined enters then. */
  #entered(entity: ReplicaEntity): void {
    if (this.#core.avatar === null) return;
    const own = entity.id === this.#core.session?.welcome.entity;
    const view = new (own ? this.#Me : this.#Other)(entity);
    this.#views.set(entity.id, view);
    if (own) this.#me = view;
    const nowMs = this.#nowMs();
    this.#show(view, this.#core.shownTick(nowMs), nowMs);
    if (!own) this.#tell('enter', entity.id);
  }

  #left(id: number): void {
    const view = this.#views.get(id);
    this.#views.delete(id);
    if (view !== undefined && view !== this.#me) this.#tell('leave', id);
  }

  #setState(state: ClientState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell('state', state);
  }

  #tell(event: string, value: unknown): void {
    for (const handler of [...(this.#handlers.get(event) ?? [])]) handler(value as never);
  }
}
