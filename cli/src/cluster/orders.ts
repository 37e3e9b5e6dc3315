import { join } from 'node:path';
import { ConfigurationError } from '@lifeverse/node-kit';
import { type Kind, kinds } from './fleet.ts';

/** What the supervisor of a cluster can be told. */
export type Order =
  | { readonly replace: readonly Kind[] }
  /** To say which processes it looks after. */
  | { readonly roles: true }
  | DrainOrder;

/** All that one of its processes has is to go to others, or no more. */
export interface DrainOrder {
  readonly drain: string;
  readonly undo: boolean;
  /** Until nothing is left there. */
  readonly waits: boolean;
}

/** What it says to whoever told it so: what goes on, and in the end what came of it, or why nothing did. */
export type Answer = { readonly told: string } | { readonly done: Done } | { readonly refused: string };

export interface Done {
  /** How many were. */
  readonly replaced?: number;
  /** As the table names them. */
  readonly roles?: readonly string[];
  readonly drained?: boolean;
  /** How many are left there. */
  readonly players?: number | null;
}

const ORDER_CHARS = 1_024;

/** Where the supervisor takes orders whose cluster has that name and keeps its data there: only who may enter the folder reaches it. */
export function ordersFolder(data: string): string {
  return join(data, 'control');
}

export function ordersPath(folder: string, cluster: string): string {
  return join(folder, `${cluster}.sock`);
}

/** Of a line. Throws a ConfigurationError when it is none. */
export function orderOf(line: string): Order {
  const json = line.length <= ORDER_CHARS ? parsed(line) : {};
  if (json.roles === true) return { roles: true };
  const { replace, drain, undo, waits } = json;
  if (typeof drain === 'string') return { drain, undo: undo === true, waits: waits === true };
  if (Array.isArray(replace) && replace.every(isKind)) return { replace };
  throw new ConfigurationError('The cluster does not know that order: it is of another version.');
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}

export function isKind(word: unknown): word is Kind {
  return (kinds as readonly unknown[]).includes(word);
}
