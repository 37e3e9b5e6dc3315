import type { TelemetryReport } from '@lifeverse/contracts';
import { decodeUtf8 } from '@lifeverse/protocol';

const roles: readonly unknown[] = ['gateway', 'zone', 'backend'];
const NAME_CHARACTERS_MAX = 64;
const SAMPLES_MAX = 100_000;

/** Undefined when the bytes are no report. */
export function decodeTelemetry(bytes: Uint8Array): TelemetryReport | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes) ?? '');
    return isReport(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// By hand: what checks any schema is half of all modules that a process loads, and every process loads this.
function isReport(value: unknown): value is TelemetryReport {
  if (!isObject(value)) return false;
  const { role, instance, counters, gauges, samples } = value;
  return (
    roles.includes(role) &&
    typeof instance === 'string' &&
    instance !== '' &&
    isName(instance) &&
    isRecordOf(counters, isNumber) &&
    isRecordOf(gauges, isNumber) &&
    isRecordOf(samples, (all) => Array.isArray(all) && all.length <= SAMPLES_MAX && all.every(isNumber))
  );
}

function isRecordOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return isObject(value) && Object.entries(value).every(([name, one]) => isName(name) && isOne(one));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (text: string): boolean => text.length <= NAME_CHARACTERS_MAX;
const isNumber = (value: unknown): boolean => Number.isFinite(value);
