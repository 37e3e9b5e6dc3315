import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const NAME_BYTES = 4;

/** Of a process that was given none: of this machine, and new at each start. */
export function newRoleName(): string {
  return `${hostname()}-${randomBytes(NAME_BYTES).toString('hex')}`;
}
