import { machineNowMs } from '../machine-clock.ts';
import type { Target } from '../peers/peer.ts';
import type { Scenario } from '../scenario.ts';
import { Connection } from './connection.ts';
import { InputWheel } from './input-wheel.ts';
import { Measures } from './measures.ts';
import type { ConsumerProtocol } from './protocol.ts';

const JOINING_AT_ONCE = 32;
const JOIN_MS = 20_000;
const TURN_MS = 5;
const KEEP_ALIVE_MS = 1_000;
/** Who does not decode reads this often. */
const DRAIN_MS = 500;
/** Each decoder's screen is looked at this often. */
const LOOK_MS = 250;

export interface FleetSettings {
  readonly scenario: Scenario;
  readonly target: Target;
  /** How many of the players decode all they receive. */
  readonly decoders: number;
  /** How far back decoders show the world; they are looked at once with each. */
  readonly viewDelaysMs: readonly number[];
}

/** All the players of a run: joins them, moves them by the script, counts what they receive. */
export class Fleet {
  readonly measures = new Measures();
  readonly #settings: FleetSettings;
  readonly #protocol: ConsumerProtocol;
  readonly #connections: Connection[] = [];
  #decoding: readonly Connection[] = [];
  readonly #wheel: InputWheel;
  #timer: NodeJS.Timeout | undefined;
  #movingSinceMs: number | null = null;

  constructor(settings: FleetSettings, protocol: ConsumerProtocol) {
    this.#settings = settings;
    this.#protocol = protocol;
    this.#wheel = new InputWheel(settings.scenario);
  }

  /** Joins everyone; rejects with the first one's reason when somebody is not let in. */
  async join(onJoined: (players: number) => void): Promise<void> {
    const startMs = machineNowMs();
    let turn = 0;
    this.#timer = setInterval(() => {
      const nowMs = machineNowMs();
      for (; turn * TURN_MS <= nowMs - startMs; turn++) this.#turn(turn, nowMs);
    }, TURN_MS);
    const players = this.#settings.scenario.players;
    let next = 0;
    let joined = 0;
    const joinInTurn = async (): Promise<void> => {
      while (next < players) {
        await this.#joinOne(next++);
        onJoined(++joined);
      }
    };
    await Promise.all(Array.from({ length: JOINING_AT_ONCE }, joinInTurn));
    this.#decoding = this.#connections.filter((connection) => connection.session?.view);
  }

  /** From now on everyone walks. */
  move(): void {
    this.#movingSinceMs = machineNowMs();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const connection of this.#connections) connection.close();
  }

  async #joinOne(player: number): Promise<void> {
    const upgrade = await this.#protocol.admit(player);
    const decodes = this.#decodes(player);
    const connection = new Connection(this.#settings.target, upgrade, this.measures, (link) =>
      this.#protocol.open(link, player, decodes ? this.measures : null),
    );
    this.#connections[player] = connection;
    const timer = setTimeout(
      () => connection.fail(`player ${player} had not joined after ${JOIN_MS / 1000} s`),
      JOIN_MS,
    );
    await connection.joined();
    clearTimeout(timer);
  }

  #decodes(player: number): boolean {
    const { scenario, decoders } = this.#settings;
    const stride = Math.max(1, Math.floor(scenario.players / decoders));
    return player % stride === 0 && player / stride < decoders;
  }

  #turn(turn: number, nowMs: number): void {
    this.#share(turn, DRAIN_MS, (connection) => connection.drain());
    this.#share(turn, KEEP_ALIVE_MS, (connection) => connection.session?.keepAlive?.(nowMs));
    if (this.#movingSinceMs === null) return;
    this.#wheel.advance(nowMs - this.#movingSinceMs, (player, heading) => this.#steer(player, heading));
    this.#look(turn);
  }

  #steer(player: number, heading: number): void {
    const session = this.#connections[player]?.session;
    if (!session) return;
    session.steer(heading);
    this.measures.inputs++;
  }

  /** One turn's share of the decoders' screens. */
  #look(turn: number): void {
    if (!this.measures.windowOpen) return;
    const turns = LOOK_MS / TURN_MS;
    for (let i = turn % turns; i < this.#decoding.length; i += turns) {
      const view = this.#decoding[i]?.session?.view;
      const nowMs = machineNowMs();
      for (const delayMs of this.#settings.viewDelaysMs) {
        view?.show(nowMs, delayMs, (subject, xM, yM, momentMs) =>
          this.measures.shown(delayMs, subject, xM, yM, momentMs, nowMs),
        );
      }
    }
  }

  /** Calls for this turn's share of all connections, so that each comes by once in `everyMs`. */
  #share(turn: number, everyMs: number, call: (connection: Connection) => void): void {
    const turns = everyMs / TURN_MS;
    for (let player = turn % turns; player < this.#connections.length; player += turns) {
      const connection = this.#connections[player];
      if (connection !== undefined) call(connection);
    }
  }
}
