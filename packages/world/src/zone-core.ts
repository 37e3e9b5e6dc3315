import { Random } from '@lifeverse/base';
import { decodeUplink, type ZoneArrangement } from '@lifeverse/contracts';
import type { Body } from '@lifeverse/definition';
import { limits } from '@lifeverse/protocol';
import { cellX, cellY, commandCodec, operationCodec, PrivateCodec } from '@lifeverse/sync/common';
import { Border } from './border.ts';
import { freshCopiesCounters } from './copies.ts';
import { Dealings } from './dealings.ts';
import { askByLine } from './dealings-line.ts';
import { NORMAL_RATE } from './dilation.ts';
import { EntityHands } from './entity-hands.ts';
import { EntityStore } from './entity-store.ts';
import { Grid } from './grid.ts';
import { freshHandoverCounters } from './handover-context.ts';
import { compileHeld, type InputContext, inputContext, resolve, runInputs } from './inputs.ts';
import { freshDeskCounters, type KeepingParts } from './keeping.ts';
import { PositionHistory } from './position-history.ts';
import type { Reader } from './reader.ts';
import { RulesRunner } from './rules-runner.ts';
import { type Avatar, Avatars, type News } from './sessions.ts';
import { TruthWatch } from './truth-watch.ts';
import { Uplinks } from './uplinks.ts';
import { onlyZone, type ZoneOptions } from './zone-options.ts';

/**
 * Every owner issues identities of its own, since no two zones and no two owners ever have the same epoch: none is issued
 * twice. Of 53 bits, 27 are for an owner: 134 million, or 100 a second for 15 days without a change of owner. That leaves
 * 67 million epochs: 21 years of a change of owner every ten seconds, somewhere.
 */
const IDS_PER_EPOCH = 2 ** 27;

/** Those who are taken over go on as if there had been an owner all the time, when there was none for no longer than this. */
const RESUME_MS = 4_000;

/** How far events are heard, in cells squared: the own cell and its eight neighbours. */
const HEARING_SQUARED = 2;

interface Uttered {
  readonly row: number;
  readonly body: Uint8Array;
}

/**
 * One zone of a running world: bytes from gateways in, a bundle for each of them out, once a tick. No I/O, no clock of
 * its own; with the same seed and the same calls it does the same.
 */
export class ZoneCore {
  readonly store: EntityStore;
  /** What handlers do to entities. */
  readonly hands: EntityHands;
  readonly counters = {
    ticks: 0,
    inputs: 0,
    inputs_replayed_late: 0,
    inputs_refused: 0,
    commands: 0,
    operations: 0,
    operations_refused: 0,
    effects_lost: 0,
    rule_faults: 0,
    cell_changes: 0,
    change_bytes: 0,
    keyframes_wanted: 0,
    uplinks_malformed: 0,
    ...freshDeskCounters(),
    ...freshHandoverCounters(),
    ...freshCopiesCounters(),
  };
  /** Milliseconds each tick took, to be emptied by whoever reports them. */
  readonly samples: { step_ms: number[]; encode_ms: number[] } = { step_ms: [], encode_ms: [] };
  /** The rate of time, 256 being normal. */
  rate = NORMAL_RATE;
  #tick = 0;
  /** Gathers the update rate tick by tick: changes are told whenever that makes a whole second's ticks. */
  #due = 0;
  readonly #options: ZoneOptions;
  readonly #grid: Grid;
  readonly #rules: RulesRunner;
  readonly #avatars = new Avatars();
  readonly #history: PositionHistory;
  readonly #uplinks: Uplinks;
  readonly #dealings: Dealings;
  readonly #privates: PrivateCodec;
  readonly #inputs: InputContext;
  readonly #truth: TruthWatch;
  readonly #border: Border;
  readonly #body: Body = { x: 0, y: 0 };
  #uttered: Uttered[] = [];

  constructor(options: ZoneOptions) {
    this.#options = options;
    const { world } = options.served;
    const random = new Random(options.seed);
    const firstId = (options.epoch - 1) * IDS_PER_EPOCH + 1;
    this.store = new EntityStore(world.layout, firstId, firstId + IDS_PER_EPOCH);
    this.#truth = new TruthWatch(this.store);
    this.#grid = new Grid(world.layout);
    this.hands = new EntityHands({
      world,
      store: this.store,
      grid: this.#grid,
      avatars: this.#avatars,
      tick: () => this.#tick,
      stepInput: (raw) => this.#inputs.stepInput(raw),
      tell: (told) => this.#rules.tell(told),
      pass: (told) => this.#border.pass(told),
      utter: (row, body) => this.#uttered.push({ row, body }),
      remove: (row) => this.#remove(row),
    });
    this.#rules = new RulesRunner(
      options.served,
      this.hands,
      this.#grid,
      () => this.#border.ghosts,
      random,
      options.ports.fault,
      options.outside,
    );
    this.#privates = new PrivateCodec(world.layout);
    const replayTicks = Math.floor((limits.replayMs * world.layout.tickHz) / 1_000);
    const resumeTicks = (options.copies ?? null) === null ? 0 : Math.floor((RESUME_MS * world.layout.tickHz) / 1_000);
    this.#history = new PositionHistory(Math.max(replayTicks, resumeTicks));
    this.#inputs = inputContext({
      world,
      avatars: this.#avatars,
      history: this.#history,
      replayTicks,
      store: this.store,
      ghosts: () => this.#border.ghosts,
      rules: this.#rules,
      counters: this.counters,
      step: (body, held) => world.predicted?.step.run(body, held, world.map, this.rate),
      stepInput: compileHeld(world),
      acts: (avatar) => this.#border.copies.acts(avatar),
    });
    this.#dealings = this.#openDealings();
    this.#border = this.#openBorder(replayTicks, resumeTicks);
    this.#uplinks = new Uplinks({
      dealings: this.#dealings,
      world,
      store: this.store,
      grid: this.#grid,
      avatars: this.#avatars,
      counters: this.counters,
      random,
      joined: (row, name) => this.#rules.join(row, name),
      gone: (row) => this.#remove(row),
      acts: (avatar) => this.#border.copies.acts(avatar),
      departures: this.#border.departures,
      isReady: (nowMs) => this.#border.isReady(nowMs),
      homeOf: (stored) => this.#border.homeOf(stored),
      zone: options.zone,
      keeping: this.#keepingParts(),
    });
    if (options.populates !== false && (options.copies ?? null) === null) this.#populate(random);
  }

  get tickNumber(): number {
    return this.#tick;
  }

  #keepingParts(): KeepingParts | null {
    const { ports, zone, epoch, served } = this.#options;
    if (ports.toDesk === undefined) return null;
    const send = ports.toDesk.bind(ports);
    const replaced = (): void => ports.replaced?.();
    return { world: served.world, store: this.store, zone, epoch, counters: this.counters, send, replaced };
  }

  #openDealings(): Dealings {
    const { served, zone, epoch, ports } = this.#options;
    const { store } = this;
    const codec = operationCodec(served.world.layout);
    return new Dealings({
      avatars: this.#avatars,
      counters: this.counters,
      codec,
      rules: served.rules.belongings,
      fence: { zone, epoch },
      ask: ports.toDesk === undefined ? null : askByLine(() => this.#uplinks.keeping?.line),
      acts: (avatar) => this.#border.copies.acts(avatar),
      handle: (avatar, message, has) => {
        const refs = resolve(this.#inputs, avatar, message.layout, message.raw);
        if (typeof refs === 'string') return refs;
        return this.#rules.operation(avatar.row, message.layout.name, codec.values(message), refs, has);
      },
      show: (avatar, has, table) => this.#rules.show(avatar.row, has, table),
      idOf: (row) => store.id[row] as number,
      rowOf: (id) => store.rowOf(id),
      positionOf: (row) => ({ xMm: store.x[row] as number, yMm: store.y[row] as number }),
      isOwn: (xMm, yMm) => this.#border.isOwn(xMm, yMm),
      spawn: (kind, xMm, yMm, components) => this.#spawn(kind, xMm, yMm, components),
      ghostAt: (id) => this.#border.playerAt(id),
      placeOf: (id) => this.#border.placeOf(id),
      say: (to, note) => this.#border.say(to, note),
      hears: (to) => this.#border.hears(to),
      dealtAt: (to, character, dealt) => this.#border.say(to, { note: 'dealt', character, dealt }),
      changedElsewhere: (id, character) => this.#border.changed(id, character),
      forward: (character, dealt) => this.#border.departures.tellDealt({ note: 'dealt', character, dealt }),
      remove: (id) => {
        const row = store.rowOf(id);
        if (row !== undefined) this.#remove(row);
      },
    });
  }

  #openBorder(replayTicks: number, resumeTicks: number): Border {
    const { served, zone, epoch, ports } = this.#options;
    return new Border({
      zone,
      arrangement: this.#options.arrangement ?? onlyZone(zone),
      epoch,
      world: served.world,
      store: this.store,
      grid: this.#grid,
      avatars: this.#avatars,
      history: this.#history,
      dealings: this.#dealings,
      commands: commandCodec(served.world.layout),
      counters: this.counters,
      replayTicks,
      resumeTicks,
      copies: this.#options.copies ?? null,
      keeping: () => this.#uplinks.keeping,
      step: (body, held) => served.world.predicted?.step.run(body, held, served.world.map, this.rate),
      tell: (told) => this.#rules.tell(told),
      read: (uplink, nowMs) => this.#uplinks.takeFromZone(uplink, this.#tick, nowMs),
      uplink: (uplink, tick, nowMs) => this.#uplinks.forwarded(uplink, tick, nowMs),
      freeze: (character) => this.#uplinks.freeze(character),
      displace: (avatar) => this.#uplinks.displace(avatar),
      came: (avatar, tick, nowMs) => this.#uplinks.came(avatar, tick, nowMs),
      lastHandovers: (character) => this.#uplinks.lastHandovers(character),
      remove: (row) => this.#remove(row),
      toZone: (to, bytes) => ports.toZone?.(to, bytes),
      toStandby: (bytes) => ports.toStandby?.(bytes),
      fault: ports.fault,
    });
  }

  #spawn(kind: string, xMm: number, yMm: number, components: object | undefined): number {
    const row = this.store.add(kind, xMm, yMm);
    Object.assign(this.#rules.self(row), components);
    this.#grid.place(this.store, row);
    this.#border.departures.stands(row);
    return this.store.id[row] as number;
  }

  #populate(random: Random): void {
    const { served, options } = this.#options;
    served.rules.populate?.({
      random,
      map: served.world.map,
      option: (name, fallback) => (options[name] ?? fallback) as never,
      // Every zone goes through the whole world, and keeps what stands in its own cells.
      spawn: (kind, at, components) => {
        const [x, y] = [Math.round(at.x * 1_000), Math.round(at.y * 1_000)];
        const id = this.#spawn(kind, x, y, components);
        if (!this.#border.isOwn(x, y)) this.#remove(this.store.rowOf(id) as number);
        return id as never;
      },
    });
  }

  /** From a gateway; whatever it is, nothing but counters and the sender's own sessions change. */
  uplink(bytes: Uint8Array, nowMs: number): void {
    const uplink = decodeUplink(bytes);
    if (uplink === undefined) {
      this.counters.uplinks_malformed++;
      return;
    }
    // A zone that is late holds inputs against the time, not against the tick it has got to.
    const timeTick = Math.floor((nowMs * this.#options.served.world.layout.tickHz) / 1_000);
    this.#uplinks.take(uplink, Math.max(this.#tick, timeTick), nowMs);
  }

  /**
   * After the last tick: everybody is kept as they stand. To be called again until it answers that nothing is left to do.
   */
  close(nowMs: number): boolean {
    this.#uplinks.dismiss();
    this.#uplinks.keeping?.tick(this.#tick, nowMs);
    const isAlone = this.#border.close(nowMs);
    return isAlone && this.#uplinks.keeping?.busy !== true;
  }

  /** From the backend. */
  desk(bytes: Uint8Array, nowMs: number): void {
    this.#uplinks.keeping?.answer(bytes, nowMs);
  }

  /** From the owner of another zone. */
  neighbour(bytes: Uint8Array, nowMs: number): void {
    this.#border.receive(bytes, nowMs);
  }

  /** From whoever has the second copy of this zone. */
  copied(bytes: Uint8Array, nowMs: number): void {
    this.#border.copies.receive(bytes, nowMs);
  }

  /** Cells have other zones from that generation on: who stands in a cell that is another's goes there. */
  rearrange(arrangement: ZoneArrangement): void {
    this.#border.arrangements.told(arrangement);
  }

  /** The generation of the arrangement by which this zone goes; null while something of it is left to be done here. */
  get settled(): number | null {
    return this.#border.arrangements.settled;
  }

  wantTruth(ids: readonly number[], nowMs: number): void {
    this.#truth.want(ids, nowMs);
  }

  /** One tick. Numbers may skip, never go back: a number that is not news does nothing. */
  tick(tick: number, nowMs: number): void {
    if (tick <= this.#tick) return;
    this.#tick = tick;
    const startMs = this.#options.clock.nowMs();
    this.#history.begin(tick - 1);
    this.#border.begin(tick, nowMs);
    this.#uplinks.expire(tick, nowMs);
    this.#rules.begin(tick);
    this.#rules.effects();
    for (const avatar of this.#avatars.acting) {
      // Who is away stands: what was on its way waits for the player.
      if (avatar.presence.state === 'away') continue;
      runInputs(this.#inputs, avatar, tick);
      if (avatar.inputs.length === 0) this.#avatars.acting.delete(avatar);
    }
    this.#dealings.tick(tick, nowMs);
    this.#rules.systems();
    this.#step(tick);
    const steppedMs = this.#options.clock.nowMs();
    if (this.#isTold()) this.#tell(tick);
    this.#border.announce(tick, nowMs);
    this.#bundles(tick);
    // Before anything is kept of them: that is the next owner's from here on.
    this.#border.end(tick, nowMs);
    this.#uplinks.keeping?.tick(tick, nowMs);
    this.#endTick(tick, nowMs);
    this.samples.step_ms.push(steppedMs - startMs);
    this.samples.encode_ms.push(this.#options.clock.nowMs() - steppedMs);
  }

  /** Whether this tick's changes are told, or wait for those of a later one. */
  #isTold(): boolean {
    const { updateHz, served } = this.#options;
    const { tickHz } = served.world.layout;
    this.#due += Math.min(tickHz, updateHz?.() ?? tickHz);
    if (this.#due < tickHz) return false;
    this.#due -= tickHz;
    return true;
  }

  /** What was written to components until now is told; until then, it stays marked. */
  #tell(tick: number): void {
    this.counters.change_bytes += this.#grid.flush(this.store, tick);
    this.store.changed.fill(0, 0, this.store.end);
  }

  #step(tick: number): void {
    const { store } = this;
    const { world } = this.#options.served;
    const step = world.predicted?.step;
    const body = this.#body;
    for (let row = 0; row < store.end; row++) {
      if (store.id[row] === 0) continue;
      const held = store.held[row];
      if (held !== null && held !== undefined && step !== undefined) {
        body.x = store.x[row] as number;
        body.y = store.y[row] as number;
        step.run(body, held, world.map, this.rate);
        store.x[row] = body.x;
        store.y[row] = body.y;
      }
      store.vx[row] = (store.x[row] as number) - (store.lastX[row] as number);
      store.vy[row] = (store.y[row] as number) - (store.lastY[row] as number);
      store.lastX[row] = store.x[row] as number;
      store.lastY[row] = store.y[row] as number;
      if (store.changedOwned[row] !== 0) this.#ownedChanged(row);
      if (this.#grid.move(store, row)) this.#cellChanged(row);
      else this.#grid.check(store, row, tick);
    }
    this.#history.record(tick, store.x, store.y, store.end);
  }

  #cellChanged(row: number): void {
    this.counters.cell_changes++;
    this.#border.departures.stands(row);
    const avatar = this.#avatars.ofRow(row);
    if (avatar !== undefined) this.#avatars.news(avatar).anchor = true;
  }

  #ownedChanged(row: number): void {
    const avatar = this.#avatars.ofRow(row);
    if (avatar === undefined) this.store.changedOwned[row] = 0;
    else this.#avatars.news(avatar);
  }

  #bundles(tick: number): void {
    for (const { row, body } of this.#uttered) this.#utter(row, body);
    this.#uttered = [];
    for (const avatar of this.#avatars.takeNewsworthy()) this.#tellNews(avatar, tick);
    for (const reader of this.#uplinks.readers()) {
      const bytes = reader.take(this.#options.zone, this.#options.epoch, tick, this.rate);
      if (reader.zone === null) this.#options.ports.toGateway(reader.gateway, bytes);
      else this.#options.ports.toZone?.(reader.zone, bytes);
    }
  }

  #utter(row: number, body: Uint8Array): void {
    if (this.store.id[row] === 0) return;
    const cell = this.#grid.cellAt(this.store, row);
    const audience = this.store.audience[row] as number;
    const event = { cell, audience, reachSquared: HEARING_SQUARED, from: this.store.id[row] as number, body };
    for (const reader of this.#grid.stream(cell, audience).readers()) (reader as Reader).event(event);
  }

  #tellNews(avatar: Avatar, tick: number): void {
    const { news, presence, row } = avatar;
    avatar.news = null;
    if (news === null || presence.state !== 'present') return;
    const ownedMask = this.store.changedOwned[row] as number;
    const reader = this.#uplinks.reader(presence.gateway);
    if (reader === undefined) return;
    const told = news.refused.length > 0 || news.answers.length > 0 || ownedMask !== 0;
    const forPlayer = told || news.attached || news.acknowledged || news.position;
    const cell = this.#grid.cellAt(this.store, row);
    reader.session({
      session: presence.session,
      attached: news.attached
        ? { entity: this.store.id[row] as number, incarnation: avatar.incarnation, handovers: avatar.handovers }
        : undefined,
      moved: news.moved === null ? undefined : { zone: news.moved, handovers: avatar.handovers },
      anchor: news.anchor || news.attached ? { x: cellX(cell), y: cellY(cell) } : undefined,
      audiences: news.audiences || news.attached ? avatar.audiences : undefined,
      stable: this.#border.copies.stable(avatar),
      applied: avatar.inputs.applied,
      held: this.#border.copies.held(avatar, news.held),
      body: forPlayer ? this.#privateBody(avatar, news, tick, ownedMask) : undefined,
    });
    this.store.changedOwned[row] = 0;
  }

  #privateBody(avatar: Avatar, news: News, tick: number, ownedMask: number): Uint8Array {
    const { row } = avatar;
    const owned = this.store.owned.flatMap((column, index) =>
      news.attached || (ownedMask & (1 << index)) !== 0 ? [{ index, raw: column[row] as string | number }] : [],
    );
    return this.#privates.encode({
      tick,
      applied: avatar.inputs.applied,
      position: { x: this.store.x[row] as number, y: this.store.y[row] as number },
      owned,
      refused: news.refused,
      answers: news.answers,
    });
  }

  #endTick(tick: number, nowMs: number): void {
    this.counters.ticks++;
    this.counters.effects_lost = this.#rules.effectsLost;
    this.counters.rule_faults = this.#rules.faults;
    const truth = this.#truth.take(tick, nowMs);
    if (truth !== null) this.#options.ports.truth(truth);
  }

  /** How many players there are, and the cell that halves them, either way. */
  crowd(): { readonly players: number; readonly middle: { readonly x: number; readonly y: number } } {
    const rows = [...this.#avatars.all()].map(({ row }) => row);
    const { cellX: x, cellY: y } = this.store;
    const half = (of: Int32Array): number =>
      rows.map((row) => of[row] as number).sort((a, b) => a - b)[rows.length >> 1] ?? 0;
    return { players: rows.length, middle: { x: half(x), y: half(y) } };
  }

  gauges(): Record<string, number> {
    return {
      players: this.#avatars.size,
      entities: this.store.count,
      cells: this.#grid.size,
      gateways: this.#uplinks.gatewayCount,
      rate: this.rate,
      standby: this.#border.copies.hasStandby ? 1 : 0,
      ...this.#uplinks.keeping?.gauges(),
    };
  }

  #remove(row: number): void {
    this.#border.copies.gone(row);
    this.#border.departures.gone(this.store.id[row] as number);
    this.#grid.take(row);
    this.store.remove(row);
  }
}
