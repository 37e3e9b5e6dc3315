import type { End, Life } from './restarts.ts';

/** What is known of a process of the cluster; null: not known, or not of its kind. */
export interface Row {
  readonly name: string;
  readonly pid: number | null;
  readonly life: Life;
  /** Since its last sign of life. */
  readonly silentMs: number;
  /** What it owns, in order. */
  readonly zones: readonly OwnedZone[];
  readonly players: number | null;
  readonly stepP99Ms: number | null;
  /** Of one core, 0 to 1 and above. */
  readonly cpu: number | null;
  readonly restarts: number;
  readonly lastEnd: End | null;
}

export interface OwnedZone {
  readonly zone: number;
  readonly epoch: number;
}

/** Silence of so long is more than a pause, and shown. */
export const SILENT_MS = 2_000;

interface Column {
  readonly head: string;
  readonly isNumber: boolean;
  cell(row: Row, nowMs: number): string;
}

const NOTHING = '-';
const ZONES_SHOWN = 3;

const columns = {
  process: { head: 'process', isNumber: false, cell: ({ name }) => name },
  state: { head: 'state', isNumber: false, cell: (row, nowMs) => stateOf(row, nowMs) },
  zones: { head: 'zone (epoch)', isNumber: true, cell: ({ zones }) => zonesOf(zones) },
  players: { head: 'players', isNumber: true, cell: ({ players }) => (players === null ? NOTHING : String(players)) },
  step: {
    head: 'step p99',
    isNumber: true,
    cell: ({ stepP99Ms }) => (stepP99Ms === null ? NOTHING : `${stepP99Ms.toFixed(1)} ms`),
  },
  cpu: { head: 'CPU', isNumber: true, cell: ({ cpu }) => (cpu === null ? NOTHING : `${Math.round(cpu * 100)} %`) },
  restarts: { head: 'restarts', isNumber: true, cell: ({ restarts }) => String(restarts) },
  lastEnd: { head: 'last end', isNumber: false, cell: (row, nowMs) => lastEndOf(row, nowMs) },
} as const satisfies Readonly<Record<string, Column>>;

type ColumnName = keyof typeof columns;

/** Where there is no room for all, these go, the first ones first. */
const dispensable: readonly ColumnName[] = ['cpu', 'zones', 'restarts', 'step', 'players'];
/** Of the last column, which is cut where it does not fit. */
const LAST_END_LEAST = 24;
const GAP = '  ';

/** The lines of the live table, none longer than `width`; `nowMs` by the clock of the rows. */
export function tableLines(rows: readonly Row[], nowMs: number, width = Number.POSITIVE_INFINITY): string[] {
  const isEnded = rows.some(({ lastEnd }) => lastEnd !== null);
  let shown = (Object.keys(columns) as ColumnName[]).filter((name) => name !== 'lastEnd' || isEnded);
  const cells = Object.fromEntries(shown.map((name) => [name, columnOf(columns[name], rows, nowMs)]));
  const widthOf = (name: ColumnName): number => {
    const full = Math.max(...(cells[name] ?? []).map(({ length }) => length));
    return name === 'lastEnd' ? Math.min(full, LAST_END_LEAST) : full;
  };
  const needed = (): number => shown.reduce((sum, name) => sum + widthOf(name) + GAP.length, -GAP.length);
  for (const name of dispensable) if (needed() > width) shown = shown.filter((other) => other !== name);
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    cut(
      shown
        .map((name) => (cells[name] as readonly string[])[line])
        .join(GAP)
        .trimEnd(),
      width,
    ),
  );
}

/** Its head and cells, of one width. */
function columnOf({ head, isNumber, cell }: Column, rows: readonly Row[], nowMs: number): string[] {
  const cells = [head, ...rows.map((row) => cell(row, nowMs))];
  const width = Math.max(...cells.map(({ length }) => length));
  return cells.map((text) => (isNumber ? text.padStart(width) : text.padEnd(width)));
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

function stateOf({ life, silentMs }: Row, nowMs: number): string {
  switch (life.kind) {
    case 'starting':
      return 'starting';
    case 'open':
      return silentMs < SILENT_MS ? `open ${duration(nowMs - life.sinceMs)}` : `silent ${duration(silentMs)}`;
    case 'waiting':
      return `again in ${Math.max(0, Math.ceil((life.untilMs - nowMs) / 1_000))} s`;
    case 'leaving':
      return `leaves ${duration(nowMs - life.sinceMs)}`;
    case 'stopped':
      return 'stopped';
  }
}

function zonesOf(zones: readonly OwnedZone[]): string {
  if (zones.length === 0) return NOTHING;
  const shown = zones.slice(0, ZONES_SHOWN).map(({ zone, epoch }) => `${zone} (${epoch})`);
  return [...shown, ...(zones.length > ZONES_SHOWN ? [`and ${zones.length - ZONES_SHOWN}`] : [])].join(' ');
}

function lastEndOf({ lastEnd }: Row, nowMs: number): string {
  return lastEnd === null ? NOTHING : `${duration(nowMs - lastEnd.atMs)} ago: ${lastEnd.how}`;
}

const MINUTE_S = 60;
const HOUR_S = 3_600;

function duration(ms: number): string {
  const s = Math.floor(ms / 1_000);
  if (s < MINUTE_S) return `${s} s`;
  return s < HOUR_S ? `${Math.floor(s / MINUTE_S)} min` : `${Math.floor(s / HOUR_S)} h`;
}
