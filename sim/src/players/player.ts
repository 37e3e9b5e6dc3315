import type { Random } from '@lifeverse/base';
import { compileStepInput, type World } from '@lifeverse/definition';
import { catalogue, type ErrorCode } from '@lifeverse/protocol';
import { ClientCore } from '@lifeverse/sync/client';
import { commandCodec, type MessageCodec } from '@lifeverse/sync/common';
import type { Socket, SocketUser } from '../network/socket.ts';
import type { Tally } from '../report/tally.ts';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';
import { InputLog } from './input-log.ts';

export interface PlayerParts {
  readonly index: number;
  readonly world: World;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  /** A ticket for the character; raises its incarnation. */
  grant(character: string): { readonly ticket: string; readonly incarnation: number };
  connect(player: Player): Socket;
  heard(player: Player, event: string, from: number, values: Record<string, unknown>): void;
  muted(player: Player, entity: number): void;
  closed(player: Player, code: ErrorCode): void;
}

/** How often devices draw, or look at the world at all. */
const FRAMES_MS = [50, 100, 250];
const FIRST_RETRY_MS = 250;
/** The SDK waits longer; here everyone is to be back before the network is judged again. */
const MOST_RETRY_MS = 1_000;
const DRIFT = 0.00005;

/** A player's device: the real client core, a clock of its own, and a connection that it makes again when it is lost. */
export class Player implements Due, SocketUser {
  readonly index: number;
  readonly character: string;
  readonly core: ClientCore;
  readonly random: Random;
  readonly muted = new Set<number>();
  log = new InputLog(0);
  socket: Socket | null = null;
  /** Means to be in the world. */
  wants = false;
  /** Since when the avatar stands in the world. */
  joinedMs: number | null = null;
  /** When the player last left, saying so, and has not come back. */
  leftMs: number | null = null;
  /** The connection on which it said so. */
  leftOn: Socket | null = null;
  /** Since when the player tries to be in the world, and is not. */
  seekingMs: number | null = null;
  /** Since when no avatar of this player's is moved by it. */
  absentMs: number | null = null;
  #parts: PlayerParts;
  #ticket = '';
  #failures = 0;
  readonly #commands: MessageCodec;
  readonly #stepInputs = new Map<string, ReturnType<typeof compileStepInput>>();
  readonly #frameMs: number;
  readonly #offsetMs: number;
  readonly #rate: number;

  constructor(parts: PlayerParts) {
    const { index, world, random } = parts;
    this.#parts = parts;
    this.index = index;
    this.character = `player ${index}`;
    this.random = random;
    this.#commands = commandCodec(world.layout);
    this.#offsetMs = random.between(0, 1_000_000);
    this.#rate = 1 + random.between(-DRIFT, DRIFT);
    this.core = new ClientCore(world, {
      send: (bytes) => this.socket?.send(bytes),
      joined: () => this.#joined(),
      // The core mutes it again; that takes a while to arrive.
      entered: ({ id }) => {
        if (this.muted.has(id)) parts.muted(this, id);
      },
      left() {},
      heard: (event, from, values) => parts.heard(this, event, from, values),
      refused: (code) => parts.tally.add(`refused: ${code}`),
    });
    this.#frameMs = random.pick(FRAMES_MS);
    parts.timeline.after(random.between(0, this.#frameMs), this);
  }

  /** The device's own clock. */
  get localMs(): number {
    return this.#offsetMs + this.#parts.timeline.nowMs() * this.#rate;
  }

  get playing(): boolean {
    return this.socket?.alive === true && this.joinedMs !== null;
  }

  due(nowMs: number): void {
    this.#parts.timeline.at(nowMs + this.#frameMs, this);
    if (this.playing) this.core.update(this.localMs);
  }

  /** Joins, or comes back. */
  come(): void {
    this.wants = true;
    this.leftMs = null;
    this.seekingMs = this.#parts.timeline.nowMs();
    if (this.socket === null) this.#connect();
  }

  /** Leaves the world of its own will. */
  leave(): void {
    this.#parts.tally.add('players leaving');
    this.wants = false;
    this.leftMs = this.#parts.timeline.nowMs();
    this.leftOn = this.socket;
    this.core.leave();
    this.#close();
  }

  /** Goes without a word; the avatar is to stand where it was. */
  goAway(): void {
    this.#parts.tally.add('players going away');
    this.wants = false;
    this.#close();
  }

  /** Closes without a word and comes back at once, as a page that is loaded anew. */
  reload(): void {
    this.#parts.tally.add('players reloading');
    this.#close();
    this.seekingMs = this.#parts.timeline.nowMs();
    this.#connect();
  }

  #close(): void {
    const { socket } = this;
    this.#absent();
    socket?.abandon();
  }

  #absent(): void {
    this.socket = null;
    this.joinedMs = null;
    this.absentMs ??= this.#parts.timeline.nowMs();
    this.seekingMs = null;
  }

  #connect(): void {
    const { ticket, incarnation } = this.#parts.grant(this.character);
    this.#ticket = ticket;
    this.log = new InputLog(incarnation);
    this.socket = this.#parts.connect(this);
  }

  opened(): void {
    this.core.open(this.#ticket);
  }

  message(bytes: Uint8Array): void {
    this.core.receive(bytes, this.localMs);
  }

  #joined(): void {
    this.#parts.tally.add('players joining');
    this.#failures = 0;
    this.joinedMs = this.#parts.timeline.nowMs();
    this.seekingMs = this.absentMs = null;
  }

  lost(code: ErrorCode): void {
    this.#parts.tally.add(`connections lost: ${code}`);
    const { seekingMs } = this;
    this.#absent();
    this.seekingMs = this.wants ? (seekingMs ?? this.#parts.timeline.nowMs()) : null;
    this.#parts.closed(this, code);
    if (!this.wants || catalogue[code].retry === 'never') return;
    const windowMs = Math.min(MOST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#parts.timeline.later(this.random.float() * windowMs, () => {
      if (this.wants && this.socket === null) this.#connect();
    });
  }

  /** True when the input was sent. */
  command(name: string, input: Readonly<Record<string, unknown>>): boolean {
    if (!this.playing) return false;
    const sequence = this.core.command(name, input, this.localMs);
    if (typeof sequence === 'string') throw new Error(`${name}: ${sequence}`);
    if (sequence === undefined) return false;
    this.#parts.tally.add(`inputs: ${name}`);
    this.log.add(name, this.#asked(name, input), this.#parts.timeline.nowMs());
    if (this.log.last !== sequence) throw new Error(`sequence ${sequence} after ${this.log.last - 1}`);
    return true;
  }

  /** What the predicted step is given from then on; null for another command. */
  #asked(name: string, input: Readonly<Record<string, unknown>>): object | null {
    const message = this.#commands.prepare(name, input);
    if (typeof message === 'string' || !message.layout.predicted) return null;
    let stepInput = this.#stepInputs.get(name);
    if (stepInput === undefined) {
      stepInput = compileStepInput(message.layout);
      this.#stepInputs.set(name, stepInput);
    }
    return stepInput(message.raw);
  }

  mute(entity: number): void {
    this.#parts.tally.add('players muting another');
    this.muted.add(entity);
    this.#parts.muted(this, entity);
    this.core.mute(entity, true);
  }
}
