/** All definitions in force at a moment, unchecked: who takes them has the declarations. */
export interface ToggleSet {
  /** The newest version of all. */
  readonly revision: number;
  /** The database's time, milliseconds since 1970. */
  readonly atMs: number;
  readonly toggles: readonly { readonly toggle: string; readonly version: number; readonly definition: unknown }[];
}

const MAX_BYTES = 1_048_576;

/** For the subject `toggles`: said on every change, and again and again for those who came late or did not hear it. */
export function encodeToggleSet(set: ToggleSet): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(set));
}

/** Undefined when it is none. */
export function decodeToggleSet(bytes: Uint8Array): ToggleSet | undefined {
  const set = bytes.length <= MAX_BYTES ? jsonObject(bytes) : undefined;
  if (set === undefined || !isCount(set.revision) || !isCount(set.atMs) || !Array.isArray(set.toggles))
    return undefined;
  const toggles: ToggleSet['toggles'][number][] = [];
  for (const each of set.toggles as unknown[]) {
    if (typeof each !== 'object' || each === null) return undefined;
    const { toggle, version, definition } = each as Record<string, unknown>;
    if (typeof toggle !== 'string' || !isCount(version)) return undefined;
    toggles.push({ toggle, version, definition });
  }
  return { revision: set.revision, atMs: set.atMs, toggles };
}

export function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A whole number that JSON and JavaScript have without loss. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
