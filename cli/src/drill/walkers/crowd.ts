import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@lifeverse/base';
import type { Attending } from '../drill-command.ts';
import type { DrilledCluster } from '../parts/drilled-cluster.ts';
import type { Coming, Settled } from '../report/course.ts';
import { CountedPlayer } from './counted-player.ts';
import { counting } from './counting-world.ts';
import type { Partner } from './giver.ts';
import { acksOf, livesOf } from './judge.ts';
import type { Heard, PlayerRecord, Sighting } from './record.ts';
import type { Steering } from './steering.ts';

/** To whom each gives coins: to nobody, to the next one, or to somebody who is near, over borders too. */
export type Giving = 'nothing' | 'to the next' | 'to who is near';

export interface CrowdOptions extends Attending {
  readonly players: number;
  readonly random: Random;
  readonly gives: Giving;
  /** Of the plain. */
  readonly sideM: number;
  readonly steering: Steering;
  /** For how long what players heard is kept as bytes; not at all when left out. */
  readonly heardMs?: number;
}

const GATEWAYS = 2;
const JOINS_PER_S = 50;
const TICK_MS = 50;
/** Players take their turns in so many groups, spread over the tick. */
const GROUPS = 5;
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
/** Of those who hold something up. */
const TOLD_OF = 3;

/** Players who walk in a cluster, half of them by each gateway. */
export class Crowd {
  readonly players: CountedPlayer[] = [];
  /** What did not come about in time: then a drill is at its end. */
  readonly trouble: string[] = [];
  readonly #cluster: DrilledCluster;
  readonly #options: CrowdOptions;
  readonly #turns: NodeJS.Timeout;

  constructor(cluster: DrilledCluster, options: CrowdOptions) {
    this.#cluster = cluster;
    this.#options = options;
    let group = 0;
    this.#turns = setInterval(() => {
      for (let at = group; at < this.players.length; at += GROUPS) this.players[at]?.turn();
      group = (group + 1) % GROUPS;
    }, TICK_MS / GROUPS);
  }

  async enter(): Promise<void> {
    const { players, progress, signal, random, gives, sideM, steering, heardMs = 0 } = this.#options;
    progress(`${players} players join`);
    const { world } = counting(sideM);
    for (let index = 0; index < players; index++) {
      const gateway = index % GATEWAYS;
      const name = `Walker ${index + 1}`;
      const session = await this.#cluster.session(gateway, name);
      const partner = (giver: CountedPlayer): Partner | null => {
        return (gives === 'to the next' ? nextOf(this.players, index)?.asPartner : giver.neighbour) ?? null;
      };
      const ports = {
        world,
        steering,
        heardMs,
        urls: this.#cluster.urls,
        gateway,
        name,
        session,
        random: random.fork(),
      };
      this.players.push(new CountedPlayer(gives === 'nothing' ? ports : { ...ports, partner }));
      await sleep(1_000 / JOINS_PER_S, undefined, { signal });
    }
    await this.everyone((player) => player.playsSince(0), 'be in the world');
  }

  get records(): PlayerRecord[] {
    return this.players.map(({ record }) => record);
  }

  /** Of all players together, oneself included. */
  get sightings(): Sighting[] {
    return this.players.flatMap(({ sightings }) => sightings);
  }

  /** What players heard between those moments, as far as it is kept. */
  heard(fromMs: number, untilMs: number): Heard[] {
    return this.players.flatMap(({ heard }) => heard.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs));
  }

  /** As `until`, of every player; in vain, it tells of some who hold it up. */
  async everyone(does: (player: CountedPlayer) => boolean, what: string): Promise<void> {
    const missing = (): string => {
      const late = this.players.filter((player) => !does(player));
      const some = late.slice(0, TOLD_OF).map(({ doing }) => doing);
      return `${late.length} of ${this.players.length} did not, so ${some.join('; ')}`;
    };
    await this.until(() => this.players.every(does), `everyone to ${what}`, missing);
  }

  /** What does not come about in time is trouble. Rejects when the signal is aborted. */
  async until(isSo: () => boolean, what: string, missing?: () => string): Promise<void> {
    const fromMs = performance.now();
    while (!isSo()) {
      const ended = this.#cluster.ended ?? this.players.find((player) => player.ended !== null)?.ended ?? null;
      if (ended === null && performance.now() - fromMs < PATIENCE_MS) {
        await sleep(LOOK_MS, undefined, { signal: this.#options.signal });
        continue;
      }
      const more = missing === undefined ? '' : `: ${missing()}`;
      this.trouble.push(ended ?? `waited ${PATIENCE_MS / 1_000} s in vain for ${what}${more}`);
      return;
    }
  }

  leave(): void {
    clearInterval(this.#turns);
    for (const player of this.players) player.leave();
  }
}

/** The one behind, and the first behind the last. Nobody for who is alone: nobody gives to themselves. */
export function nextOf<Each>(all: readonly Each[], index: number): Each | undefined {
  const next = (index + 1) % all.length;
  return next === index ? undefined : all[next];
}

/** For the timeline: when each player's inputs were acknowledged, and when they came and went. */
export function walksOf(records: readonly PlayerRecord[]): { acks: number[][]; comings: Coming[] } {
  const comings = records.flatMap(({ lives, lostMs }) => [
    ...livesOf(lives).map(({ told }, at): Coming => {
      return { atMs: told[0]?.atMs ?? 0, kind: at === 0 ? 'joined' : 'back' };
    }),
    ...lostMs.map((atMs): Coming => ({ atMs, kind: 'lost' })),
  ]);
  return { acks: records.map(({ lives }) => acksOf(lives)), comings };
}

/** For the timeline: what became of each input. */
export function inputsOf({ lives }: PlayerRecord): Settled[] {
  return lives.flatMap(({ inputs }) =>
    inputs.map(({ ackedMs, sentMs, refused }): Settled => {
      if (ackedMs === null) return { atMs: sentMs, outcome: 'unknown' };
      return { atMs: ackedMs, outcome: refused ? 'refused' : 'done' };
    }),
  );
}
