import type { Argon2Parameters } from './argon2-parameters.ts';

/** One hash to compute, as it is handed over. */
export interface HashWork {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly parameters: Argon2Parameters;
}

export type HashAnswer = { readonly hash: Uint8Array } | { readonly failed: string };
