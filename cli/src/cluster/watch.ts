import { quantile } from '@lifeverse/base';
import { type Bus, decodeOwnershipNotice, type OwnedNotice, subjects } from '@lifeverse/contracts';
import { decodeTelemetry } from '@lifeverse/node-kit';
import type { KeptChild } from './kept-child.ts';
import { ProcessCpu } from './process-cpu.ts';
import type { OwnedZone, Row } from './table.ts';

interface Known {
  readonly players: number | null;
  readonly stepP99Ms: number | null;
  readonly atMs: number;
}

/** What was said longer ago is not known any more. */
const STALE_MS = 5_000;

/** What the roles say of themselves on the bus, and the machine of their processes. */
export class Watch {
  /** Of gateways and backends by their names, of zones by their numbers: `zone-4`. */
  readonly #known = new Map<string, Known>();
  /** By server: what it has as far as it was heard, for as long as its process lives. */
  readonly #zones = new Map<string, readonly OwnedNotice[]>();
  readonly #cpu = new ProcessCpu();

  /** Returns what ends it. */
  follow(bus: Bus): () => void {
    const ends = [
      bus.subscribe(subjects.telemetry, (bytes) => this.#telemetry(bytes)),
      bus.subscribe(subjects.ownership, (bytes) => this.#ownership(bytes)),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  row(child: KeptChild, nowMs: number): Row {
    const { name, pid, life, silentMs, restarts, lastEnd, speaksAs } = child;
    const runs = life.kind === 'open' || life.kind === 'leaving';
    const heard = this.#zones.get(speaksAs);
    const owned = runs ? (heard ?? []) : [];
    const zones = owned.map(({ zone, epoch }): OwnedZone => ({ zone, epoch }));
    const known = heard === undefined ? this.#recent(name, nowMs) : this.#ofZones(owned, nowMs);
    const { players = null, stepP99Ms = null } = known ?? {};
    const cpu = this.#cpu.of(pid, nowMs);
    return { name, pid, life, silentMs, zones, players, stepP99Ms, cpu, restarts, lastEnd };
  }

  /** By what a gateway has said lately; null where it has said nothing. */
  players(name: string, nowMs: number): number | null {
    return this.#recent(name, nowMs)?.players ?? null;
  }

  /** Of all zones of a server together: their players, and the longest step. */
  #ofZones(zones: readonly OwnedNotice[], nowMs: number): Pick<Known, 'players' | 'stepP99Ms'> {
    const steps = zones.flatMap(({ zone }) => this.#recent(`zone-${zone}`, nowMs)?.stepP99Ms ?? []);
    return {
      players: zones.length === 0 ? null : zones.reduce((sum, { players }) => sum + players, 0),
      stepP99Ms: steps.length === 0 ? null : Math.max(...steps),
    };
  }

  #recent(instance: string, nowMs: number): Known | undefined {
    const known = this.#known.get(instance);
    return known !== undefined && nowMs - known.atMs < STALE_MS ? known : undefined;
  }

  #telemetry(bytes: Uint8Array): void {
    const report = decodeTelemetry(bytes);
    if (report === undefined) return;
    const { instance, gauges, samples } = report;
    const steps = samples.step_ms ?? [];
    this.#known.set(instance, {
      players: gauges.players ?? null,
      stepP99Ms: steps.length === 0 ? null : quantile(steps, 0.99),
      atMs: performance.now(),
    });
  }

  #ownership(bytes: Uint8Array): void {
    const notice = decodeOwnershipNotice(bytes);
    if (notice === undefined) return;
    const zones = notice.zones.toSorted((a, b) => a.zone - b.zone);
    this.#zones.set(notice.server, zones);
  }
}
