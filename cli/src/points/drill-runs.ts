import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@lifeverse/node-kit';

/** What `lifeverse drill NAME --report` leaves as `result.json`, as far as it is read here. */
export interface DrillRun {
  readonly command: string;
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly result: DrillFigures;
}

export interface DrillFigures extends Readonly<Record<string, unknown>> {
  readonly drill: string;
  readonly players: number;
  readonly faults_injected: number;
  readonly handovers: number;
  readonly input_gap_ms_p50: number;
  readonly input_gap_ms_p99: number;
  /** Null: somebody stood where no way led them. */
  readonly position_lost_m_max: number | null;
  readonly entities_lost: number;
  readonly entities_doubled: number;
  readonly disconnects: number;
  readonly operations_total: number;
  readonly operations_lost: number;
  readonly operations_doubled: number;
  readonly passed: boolean;
  readonly objections: readonly string[];
}

const counts: readonly string[] = [
  ...['players', 'faults_injected', 'handovers', 'input_gap_ms_p50', 'input_gap_ms_p99', 'entities_lost'],
  ...['entities_doubled', 'disconnects', 'operations_total', 'operations_lost', 'operations_doubled'],
];

/** The newest of each drill, by its name, among the reports in a folder: one folder each. */
export function readRuns(folder: string): ReadonlyMap<string, DrillRun> {
  const newest = new Map<string, DrillRun>();
  for (const name of foldersIn(folder)) {
    const path = join(folder, name, 'result.json');
    const run = runOf(path);
    const known = newest.get(run.result.drill);
    if (known === undefined || known.date < run.date) newest.set(run.result.drill, run);
  }
  return newest;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    throw new ConfigurationError(`The reports in ${folder} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function runOf(path: string): DrillRun {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'no JSON' : (error as NodeJS.ErrnoException).code;
    throw new ConfigurationError(`The report ${path} cannot be read (${why}).`);
  }
  if (!isRun(json)) throw new ConfigurationError(`${path} is no result of a drill, or of another version.`);
  return json;
}

function isRun(json: unknown): json is DrillRun {
  if (!isObject(json)) return false;
  const { command, date, commit, machine, result } = json;
  if (![command, date, commit, machine].every((text) => typeof text === 'string') || !isObject(result)) return false;
  const { drill, position_lost_m_max: position, passed, objections } = result;
  if (typeof drill !== 'string' || typeof passed !== 'boolean' || !Array.isArray(objections)) return false;
  if (typeof position !== 'number' && position !== null) return false;
  return objections.every((one) => typeof one === 'string') && counts.every((key) => typeof result[key] === 'number');
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
