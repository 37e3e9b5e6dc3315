import type { StaffAct } from '@lifeverse/contracts';
import type { FastifyRequest } from 'fastify';

/** Lets staff in, by what their roles allow. */
export interface StaffDoor {
  /** Who asks, as the audit names them (`player:<id>`). Rejects with a LifeverseError when they may not do this. */
  admit(request: FastifyRequest, act: StaffAct): Promise<string>;
}
