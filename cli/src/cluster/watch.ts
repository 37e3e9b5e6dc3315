import { quantile } from '@lifeverse/base';
import { type Bus, subjects } from '@lifeverse/contracts';
import { decodeTelemetry } from '@lifeverse/node-kit';
import type { KeptChild } from './kept-child.ts';
import { ProcessCpu } from './process-cpu.ts';
import type { Row } from './table.ts';

interface Known {
  readonly players: number | null;
  readonly stepP99Ms: number | null;
  readonly atMs: number;
}

/** What was said longer ago is not known any more. */
const STALE_MS = 5_000;

/** What the roles say of themselves on the bus, and the machine of their processes. */
export class Watch {
  readonly #known = new Map<string, Known>();
  readonly #cpu = new ProcessCpu();

  /** Returns what ends it. */
  follow(bus: Bus): () => void {
    return bus.subscribe(subjects.telemetry, (bytes) => {
      const report = decodeTelemetry(bytes);
      if (report === undefined) return;
      const { role, instance, gauges, samples } = report;
      const steps = samples.step_ms ?? [];
      this.#known.set(role === 'backend' ? role : instance, {
        players: gauges.players ?? null,
        stepP99Ms: steps.length === 0 ? null : quantile(steps, 0.99),
        atMs: performance.now(),
      });
    });
  }

  row(child: KeptChild, nowMs: number): Row {
    const known = this.#known.get(child.name);
    const { players = null, stepP99Ms = null } = known !== undefined && nowMs - known.atMs < STALE_MS ? known : {};
    const cpu = this.#cpu.of(child.pid, nowMs);
    return { name: child.name, life: child.life, players, stepP99Ms, cpu, restarts: child.restarts };
  }
}
