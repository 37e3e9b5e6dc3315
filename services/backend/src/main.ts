import { randomBytes } from 'node:crypto';
import type { Clock } from '@lifeverse/base';
import { Backend } from './backend.ts';
import { MemoryCharacterStore } from './memory-character-store.ts';

/** The backend of one process: characters in memory, forgotten when it ends, and a key that only lives as long. */
export function startBackend(clock: Clock): { readonly backend: Backend; readonly ticketKey: Uint8Array } {
  const ticketKey = new Uint8Array(randomBytes(32));
  return { backend: new Backend({ clock, ticketKey, characters: new MemoryCharacterStore() }), ticketKey };
}
