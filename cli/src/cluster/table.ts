import type { Life } from './restarts.ts';

/** What is known of a process of the cluster; null: not known, or not of its kind. */
export interface Row {
  readonly name: string;
  readonly life: Life;
  readonly players: number | null;
  readonly stepP99Ms: number | null;
  /** Of one core, 0 to 1 and above. */
  readonly cpu: number | null;
  readonly restarts: number;
}

const HEAD = ['process', 'state', 'players', 'step p99', 'CPU', 'restarts'];
const NOTHING = '-';

/** The lines of the live table; `nowMs` by the clock of the rows. */
export function tableLines(rows: readonly Row[], nowMs: number): string[] {
  const cells = [HEAD, ...rows.map((row) => cellsOf(row, nowMs))];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => (line[column] as string).length)));
  return cells.map((line) =>
    line
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
      )
      .join('  ')
      .trimEnd(),
  );
}

function cellsOf({ name, life, players, stepP99Ms, cpu, restarts }: Row, nowMs: number): string[] {
  return [
    name,
    stateOf(life, nowMs),
    players === null ? NOTHING : String(players),
    stepP99Ms === null ? NOTHING : `${stepP99Ms.toFixed(1)} ms`,
    cpu === null ? NOTHING : `${Math.round(cpu * 100)} %`,
    String(restarts),
  ];
}

function stateOf(life: Life, nowMs: number): string {
  switch (life.kind) {
    case 'starting':
    case 'open':
      return life.kind === 'open' ? `open ${duration(nowMs - life.sinceMs)}` : 'starting';
    case 'waiting':
      return `${life.why}, again in ${Math.max(0, Math.ceil((life.untilMs - nowMs) / 1_000))} s`;
    case 'stopped':
      return 'stopped';
  }
}

const MINUTE_S = 60;
const HOUR_S = 3_600;

function duration(ms: number): string {
  const s = Math.floor(ms / 1_000);
  if (s < MINUTE_S) return `${s} s`;
  return s < HOUR_S ? `${Math.floor(s / MINUTE_S)} min` : `${Math.floor(s / HOUR_S)} h`;
}
