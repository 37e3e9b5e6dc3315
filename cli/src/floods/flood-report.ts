import { attackedOf, calmsOf, type Evidence, objections, stalenessShift } from './verdict.ts';

const MIB = 1_048_576;

/** One attack as `--json` prints it. */
export interface AttackResult {
  readonly attack: string;
  readonly ok: boolean;
  readonly objections: readonly string[];
  /** By window. */
  readonly staleness_ms_p50_calm: readonly (number | null)[];
  readonly staleness_ms_p50_attack: readonly (number | null)[];
  readonly staleness_ms_p90_calm: readonly (number | null)[];
  readonly staleness_ms_p90_attack: readonly (number | null)[];
  readonly staleness_ms_p99_calm: readonly (number | null)[];
  readonly staleness_ms_p99_attack: readonly (number | null)[];
  readonly staleness_ratio: number | null;
  /** Between these it lies with 80 %. */
  readonly staleness_ratio_least: number | null;
  readonly staleness_ratio_most: number | null;
  readonly rounds: number;
  readonly staleness_samples_least: number;
  readonly rss_mib: number;
  readonly rss_mib_more: number;
  readonly join_ms_max: number | null;
  readonly disconnects: number;
  readonly protocol_errors: number;
  /** Of one core, in the calms and in the attacks. */
  readonly server_cpu_calm: number;
  readonly server_cpu_attack: number;
  readonly attacker_cpu: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly grown: Readonly<Record<string, number>>;
  readonly deeds: Readonly<Record<string, number>>;
}

export function attackResult(evidence: Evidence): AttackResult {
  const { attack, rounds } = evidence;
  const found = objections(evidence);
  const [calms, attacked] = [calmsOf(evidence), attackedOf(evidence)];
  const shift = stalenessShift(evidence);
  const joinsMs = rounds.flatMap((round) => round.joinsMs).filter((ms) => ms !== null);
  const attackS = rounds.length * ((attack.leadSeconds ?? 0) + attack.windows * attack.seconds);
  return {
    attack: attack.name,
    ok: found.length === 0,
    objections: found,
    staleness_ms_p50_calm: calms.map(({ stalenessMsP50 }) => milliseconds(stalenessMsP50)),
    staleness_ms_p50_attack: attacked.map(({ stalenessMsP50 }) => milliseconds(stalenessMsP50)),
    staleness_ms_p90_calm: calms.map(({ stalenessMsP90 }) => milliseconds(stalenessMsP90)),
    staleness_ms_p90_attack: attacked.map(({ stalenessMsP90 }) => milliseconds(stalenessMsP90)),
    staleness_ms_p99_calm: calms.map(({ stalenessMsP99 }) => milliseconds(stalenessMsP99)),
    staleness_ms_p99_attack: attacked.map(({ stalenessMsP99 }) => milliseconds(stalenessMsP99)),
    staleness_ratio: shift === null ? null : rounded(shift.ratio, 3),
    staleness_ratio_least: shift === null ? null : rounded(shift.least, 3),
    staleness_ratio_most: shift === null ? null : rounded(shift.most, 3),
    rounds: rounds.length,
    staleness_samples_least: Math.min(...[...calms, ...attacked].map(({ samples }) => samples)),
    rss_mib: rounded(evidence.rssBytes / MIB, 1),
    rss_mib_more: rounded((evidence.rssBytesPeak - evidence.rssBytes) / MIB, 1),
    join_ms_max: joinsMs.length === 0 ? null : rounded(Math.max(...joinsMs), 0),
    disconnects: evidence.disconnects,
    protocol_errors: evidence.protocolErrors,
    server_cpu_calm: rounded(mean(calms.map(({ serverCpu }) => serverCpu)), 2),
    server_cpu_attack: rounded(mean(attacked.map(({ serverCpu }) => serverCpu)), 2),
    attacker_cpu: rounded(rounds.reduce((sum, { attackerCpuS }) => sum + attackerCpuS, 0) / attackS, 2),
    refusals: evidence.refusals,
    grown: evidence.grown,
    deeds: summed(rounds.map(({ deeds }) => deeds)),
  };
}

function milliseconds(ms: number | null): number | null {
  return ms === null ? null : rounded(ms, 1);
}

function summed(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const each of all) for (const [name, amount] of Object.entries(each)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

const columns: readonly (readonly [title: string, cell: (result: AttackResult) => string])[] = [
  ['attack', ({ attack }) => attack],
  ['staleness p99, calm', ({ staleness_ms_p99_calm }) => `${staleness_ms_p99_calm.join(' ')} ms`],
  ['attacked', ({ staleness_ms_p99_attack }) => `${staleness_ms_p99_attack.join(' ')} ms`],
  [
    'ratio',
    ({ staleness_ratio: ratio, staleness_ratio_least: least, staleness_ratio_most: most }) =>
      ratio === null ? 'unknown' : `${ratio} (${least}-${most})`,
  ],
  ['memory', ({ rss_mib, rss_mib_more }) => `${rss_mib} + ${rss_mib_more} MiB`],
  ['joins within', ({ join_ms_max }) => (join_ms_max === null ? '-' : `${join_ms_max} ms`)],
  ['cut', ({ disconnects }) => `${disconnects}`],
  ['errors', ({ protocol_errors }) => `${protocol_errors}`],
  ['server CPU', ({ server_cpu_calm, server_cpu_attack }) => `${server_cpu_calm} -> ${server_cpu_attack}`],
  ['attacker CPU', ({ attacker_cpu }) => `${attacker_cpu}`],
  ['', ({ ok }) => (ok ? 'ok' : 'FAILED')],
];

/** For people. */
export function floodTable(results: readonly AttackResult[]): string {
  const rows = [columns.map(([title]) => title), ...results.map((result) => columns.map(([, cell]) => cell(result)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
