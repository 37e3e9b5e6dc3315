import { setTimeout as sleep } from 'node:timers/promises';
import type { Crowd } from '../trial/crowd.ts';
import type { Exposition } from '../trial/exposition.ts';
import type { ServerProcess } from '../trial/server-process.ts';
import type { Attack } from './attack.ts';
import type { Attacker } from './attacker/attacker.ts';
import { type Evidence, isClear, type Round, stalenessShift, type WindowFigures } from './verdict.ts';

export interface SiegeOptions {
  readonly server: ServerProcess;
  readonly crowd: Crowd;
  readonly attacker: Attacker;
  readonly calmMs: number;
  /** Rounds of an attack that may follow the least, while it is not clear what it moved. */
  readonly repeats: number;
  readonly seed: number;
  readonly progress: (what: string) => void;
}

const MEMORY_LOOK_MS = 500;
/** Between windows: what one of them left behind is cleared away. */
const SETTLE_MS = 1_500;
const BETWEEN_NEWCOMERS_MS = 1_000;

/** One server, its players, and one attack on it after the other. */
export class Siege {
  readonly #options: SiegeOptions;
  #rssBytesPeak = 0;
  #calm: readonly WindowFigures[] = [];

  constructor(options: SiegeOptions) {
    this.#options = options;
  }

  /** Calm and attack in turn, a calm at both ends: the last of one attack is the first of the next. */
  async suffer(attack: Attack): Promise<Evidence> {
    const { server, crowd, progress } = this.#options;
    const { disconnects, protocolErrors } = crowd.measures;
    if (this.#calm.length === 0) this.#calm = await this.#calms(attack.windows);
    const before = this.#calm;
    const start = await server.metrics();
    const rssBytes = start.total('process_resident_memory_bytes');
    this.#rssBytesPeak = rssBytes;
    const rounds: Round[] = [];
    const mostRounds = attack.rounds + this.#options.repeats;
    const done = (): boolean => rounds.length >= attack.rounds && isClear(stalenessShift({ before, rounds }));
    while (!done() && rounds.length < mostRounds) {
      progress(`${attack.name}, round ${rounds.length + 1}`);
      const attacked = await this.#attacked(attack, this.#options.seed + rounds.length);
      this.#calm = await this.#calms(attack.windows);
      rounds.push({ ...attacked, after: this.#calm });
    }
    return {
      attack,
      before,
      rounds,
      rssBytes,
      rssBytesPeak: this.#rssBytesPeak,
      disconnects: crowd.measures.disconnects - disconnects,
      protocolErrors: crowd.measures.protocolErrors - protocolErrors,
      ...growth(attack, start, await server.metrics()),
    };
  }

  async #calms(windows: number): Promise<WindowFigures[]> {
    await sleep(SETTLE_MS);
    const calms: WindowFigures[] = [];
    for (let index = 0; index < windows; index++)
      calms.push((await this.#window(() => sleep(this.#options.calmMs))).figures);
    return calms;
  }

  async #attacked(attack: Attack, seed: number): Promise<Omit<Round, 'after'>> {
    const { server, attacker } = this.#options;
    const forMs = ((attack.leadSeconds ?? 0) + attack.windows * attack.seconds) * 1_000;
    const order = { name: attack.name, url: server.url.href, forMs, seed };
    const attacking = attacker.attack(order);
    if (attack.leadSeconds !== undefined) await this.#felt(attack, attack.leadSeconds * 1_000);
    const during: WindowFigures[] = [];
    const joinsMs: (number | null)[] = [];
    for (let index = 0; index < attack.windows; index++) {
      const { figures, result } = await this.#window(() => this.#joining(attack, attacking));
      during.push(figures);
      joinsMs.push(...result);
    }
    const { deeds, cpuS, failure } = await attacking;
    return { during, deeds, attackerCpuS: cpuS, failure, joinsMs };
  }

  /** For a window of an attack, or until it is over; newcomers' joins meanwhile. */
  async #joining(attack: Attack, attacking: Promise<unknown>): Promise<(number | null)[]> {
    let over = false;
    const joining = attack.newcomers ? this.#newcomers(() => over) : [];
    await Promise.race([attacking, sleep(attack.seconds * 1_000)]);
    over = true;
    return joining;
  }

  /** Until the server feels it, or the time is over. */
  async #felt(attack: Attack, withinMs: number): Promise<void> {
    const { server } = this.#options;
    const grown = (metrics: Exposition): number => metrics.total(attack.grows[0] as string);
    const before = grown(await server.metrics());
    const untilMs = performance.now() + withinMs;
    while (performance.now() < untilMs && grown(await this.#lookedAtMemory()) === before) await sleep(MEMORY_LOOK_MS);
  }

  async #newcomers(over: () => boolean): Promise<(number | null)[]> {
    const joinsMs: (number | null)[] = [];
    while (!over()) {
      joinsMs.push(await this.#options.crowd.newcomer());
      await sleep(BETWEEN_NEWCOMERS_MS);
    }
    return joinsMs;
  }

  /** What the crowd sees while something goes on; the server's memory is looked at all the time. */
  async #window<T>(meanwhile: () => Promise<T>): Promise<{ figures: WindowFigures; result: T }> {
    const { measures } = this.#options.crowd;
    let over = false;
    const looking = this.#lookAtMemory(() => over);
    const cpuS = await this.#cpuS();
    const fromMs = performance.now();
    this.#options.crowd.takeLateness();
    measures.beginWindow(fromMs);
    const result = await meanwhile().finally(() => {
      over = true;
    });
    const { stalenessMs } = measures;
    const staleness = {
      stalenessMsP50: stalenessMs.quantile(0.5),
      stalenessMsP90: stalenessMs.quantile(0.9),
      stalenessMsP99: stalenessMs.quantile(0.99),
      samples: stalenessMs.count,
    };
    const latenessMs = this.#options.crowd.takeLateness();
    const seconds = (performance.now() - fromMs) / 1_000;
    const serverCpu = ((await this.#cpuS()) - cpuS) / seconds;
    await looking;
    return { figures: { ...staleness, serverCpu, latenessMs }, result };
  }

  async #cpuS(): Promise<number> {
    return (await this.#options.server.metrics()).total('process_cpu_seconds_total');
  }

  async #lookAtMemory(over: () => boolean): Promise<void> {
    while (!over()) {
      await this.#lookedAtMemory();
      await sleep(MEMORY_LOOK_MS);
    }
  }

  async #lookedAtMemory(): Promise<Exposition> {
    const metrics = await this.#options.server.metrics();
    this.#rssBytesPeak = Math.max(this.#rssBytesPeak, metrics.total('process_resident_memory_bytes'));
    return metrics;
  }
}

const REFUSALS = 'lifeverse_gateway_refusals_total';

function growth(attack: Attack, start: Exposition, end: Exposition): Pick<Evidence, 'refusals' | 'grown'> {
  const grew = (name: string, code?: string): number => {
    const label = code === undefined ? undefined : { name: 'code', value: code };
    return end.total(name, label) - start.total(name, label);
  };
  return {
    refusals: Object.fromEntries(Object.keys(attack.refusals).map((code) => [code, grew(REFUSALS, code)])),
    grown: Object.fromEntries(attack.grows.map((name) => [name, grew(name)])),
  };
}
