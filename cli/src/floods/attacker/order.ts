import type { Deeds } from '../attack.ts';

/** What the attacker's process is told. */
export interface AttackOrder {
  readonly name: string;
  readonly url: string;
  readonly forMs: number;
  readonly seed: number;
}

/** What it answers. */
export interface AttackReport {
  readonly deeds: Deeds;
  /** User and system time that the attack took of the attacker. */
  readonly cpuS: number;
  readonly failure: string | null;
}
