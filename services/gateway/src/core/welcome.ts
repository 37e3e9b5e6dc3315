import type { SessionRecord } from '@lifeverse/contracts';
import { encodeWelcome, type WorldLayout } from '@lifeverse/protocol';
import type { Connection } from './connection.ts';
import type { GroupIdentity } from './group.ts';

/** What a welcome says of the moment, and of the world. */
export interface Told {
  readonly serverMs: number;
  readonly tick: number;
  readonly rate: number;
  readonly layout: WorldLayout;
  readonly layoutFingerprint: string;
  /** Empty for a client that has it already. */
  readonly layoutJson: string;
}

/** The first that a player is told, once their avatar stands. */
export function welcomeOf(
  { version }: Connection,
  { entity, incarnation }: NonNullable<SessionRecord['attached']>,
  { anchorX, anchorY, linkClass, audiences }: GroupIdentity,
  { layout, ...told }: Told,
): Uint8Array {
  const { mapFingerprint, stepFingerprint } = layout;
  const where = { entity, incarnation, anchorX, anchorY, linkClass, audiences };
  return encodeWelcome({ version, ...where, ...told, mapFingerprint, stepFingerprint });
}
