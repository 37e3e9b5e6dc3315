import type { Place } from './avatar.ts';
import { DecodingAvatar } from './decoding-avatar.ts';
import type { Driver } from './driver.ts';
import type { Measures } from './measures.ts';
import type { Player } from './player.ts';

const TURN_MS = 10;
/** Who does not read at once reads this often. */
const DRAIN_MS = 500;
/** Whose screen is measured is updated as a game does it; the others only so that nothing of theirs runs late. */
const WATCHED_UPDATE_MS = 40;
const UPDATE_MS = 250;

export interface Member {
  readonly player: Player;
  readonly driver: Driver;
  /** Milliseconds of the run before which it does not come. */
  readonly comesMs: number;
  /** What others look like to it is measured. */
  readonly watched: boolean;
}

/** All players of a run, moved on by one timer. */
export class Fleet {
  /** Milliseconds by which turns came late: by so much the load generator itself was behind. */
  latenessMs = 0;
  readonly #members: readonly Member[];
  readonly #measures: Measures;
  readonly #startMs: number;
  readonly #place: Place = { x: 0, y: 0 };
  #timer: NodeJS.Timeout | undefined;
  #turnMs: number;
  #playing = 0;
  /** Moment of the run at which drivers' time began to pass; before, it stands at 0. */
  #movingMs: number | null = null;

  /** `moving`: the drivers' time passes from the start, not only from `move` on. */
  constructor(members: readonly Member[], measures: Measures, options: { moving: boolean; nowMs: number }) {
    this.#members = members;
    this.#measures = measures;
    this.#startMs = this.#turnMs = options.nowMs;
    if (options.moving) this.#movingMs = options.nowMs;
  }

  get playing(): number {
    return this.#playing;
  }

  start(): void {
    this.#timer = setInterval(() => this.#turn(performance.now()), TURN_MS);
  }

  /** Everyone who is to be there is there, or never will be. */
  settled(nowMs: number): boolean {
    const runMs = nowMs - this.#startMs;
    return this.#members.every(
      ({ player, driver, comesMs }) => player.settled || (comesMs <= runMs && !driver.present(this.#driverMs(nowMs))),
    );
  }

  /** From now on the time of the drivers passes. */
  move(nowMs: number): void {
    this.#movingMs ??= nowMs;
  }

  /** The whole clients whose view is measured, as far as they play. */
  *watched(): Generator<DecodingAvatar> {
    for (const { player, watched } of this.#members) {
      if (watched && player.state.kind === 'playing' && player.state.avatar instanceof DecodingAvatar)
        yield player.state.avatar;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { player } of this.#members) player.leave();
  }

  #driverMs(nowMs: number): number {
    return this.#movingMs === null ? 0 : nowMs - this.#movingMs;
  }

  #turn(nowMs: number): void {
    const beforeMs = this.#turnMs;
    this.#turnMs = nowMs;
    this.#measures.playerMs += this.#playing * (nowMs - beforeMs);
    this.latenessMs = Math.max(this.latenessMs, nowMs - beforeMs - TURN_MS);
    const driverMs = this.#driverMs(nowMs);
    let playing = 0;
    for (let i = 0; i < this.#members.length; i++) {
      const member = this.#members[i] as Member;
      if (nowMs - this.#startMs < member.comesMs) continue;
      if (!member.driver.present(driverMs)) {
        member.player.leave();
        continue;
      }
      if (member.player.state.kind === 'playing') playing++;
      this.#attend(member, driverMs, nowMs, beforeMs, i);
    }
    this.#playing = playing;
  }

  #attend({ player, driver, watched }: Member, driverMs: number, nowMs: number, beforeMs: number, index: number): void {
    if (passes(beforeMs, nowMs, watched ? WATCHED_UPDATE_MS : UPDATE_MS, index)) player.update(nowMs);
    const { state } = player;
    if (state.kind !== 'playing') {
      player.come(nowMs);
      return;
    }
    const { avatar, socket } = state;
    if (!avatar.prompt && passes(beforeMs, nowMs, DRAIN_MS, index)) socket.drain();
    if (driverMs < driver.dueMs || !avatar.where(nowMs, this.#place)) return;
    const walk = driver.steer(driverMs, this.#place);
    if (walk !== null) avatar.walk(walk, nowMs);
  }
}

/** Whether between two moments lies one of those, `everyMs` apart, that are a player's own. */
function passes(beforeMs: number, nowMs: number, everyMs: number, index: number): boolean {
  const phase = (index * 37) % everyMs;
  return Math.floor((nowMs - phase) / everyMs) > Math.floor((beforeMs - phase) / everyMs);
}
