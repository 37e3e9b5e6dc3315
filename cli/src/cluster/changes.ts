import { type OwnedZone, type Row, SILENT_MS } from './table.ts';

/** What is said of a process that is not what it was: for who has no table. Starts and ends are told as they happen. */
export function changeSentences(before: Row | undefined, { name, zones, silentMs, life }: Row): string[] {
  const sentences: string[] = [];
  const [had, has] = [ownedBy(before?.zones ?? []), ownedBy(zones)];
  if (had !== has) sentences.push(has === '' ? `${name} has no zone any more` : `${name} has ${has}`);
  const isSilent = silentMs >= SILENT_MS && life.kind === 'open';
  if (isSilent && (before?.silentMs ?? 0) < SILENT_MS)
    sentences.push(`${name} has given no sign of life for ${Math.floor(silentMs / 1_000)} s`);
  return sentences;
}

function ownedBy(zones: readonly OwnedZone[]): string {
  return zones.map(({ zone, epoch }) => `zone ${zone} by epoch ${epoch}`).join(', ');
}

/** What a process is at the moment, for programs. */
export interface RowObject {
  readonly process: string;
  readonly pid: number | null;
  readonly state: string;
  readonly zones: readonly OwnedZone[];
  readonly players: number | null;
  readonly step_ms_p99: number | null;
  readonly cpu_cores: number | null;
  readonly restarts: number;
  readonly last_end: string | null;
}

export function rowObject({ name, pid, life, silentMs, zones, players, stepP99Ms, cpu, ...row }: Row): RowObject {
  return {
    process: name,
    pid,
    state: life.kind === 'open' && silentMs >= SILENT_MS ? 'silent' : life.kind,
    zones,
    players,
    step_ms_p99: stepP99Ms === null ? null : rounded(stepP99Ms),
    cpu_cores: cpu === null ? null : rounded(cpu),
    restarts: row.restarts,
    last_end: row.lastEnd?.how ?? null,
  };
}

/** Whether the two differ in more than in figures that always move. */
export function isChanged(before: RowObject | undefined, now: RowObject): boolean {
  const lasting = ({ pid, state, zones, restarts }: RowObject) => JSON.stringify([pid, state, zones, restarts]);
  return before === undefined || lasting(before) !== lasting(now);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
