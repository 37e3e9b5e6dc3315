import { mayDo, type StaffAct } from '@lifeverse/contracts';
import { LifeverseError } from '@lifeverse/protocol';
import type { FastifyRequest } from 'fastify';
import type { Sessions } from '../players/sessions.ts';
import type { Callers } from './callers.ts';

/** Who of the staff asks. */
export interface Staff {
  /** As the audit names them. */
  readonly actor: string;
  readonly roles: readonly string[];
}

/** Lets staff in by the roles of the player that they are logged in as. */
export class StaffEntrance {
  readonly #callers: Callers;
  readonly #sessions: Sessions;

  constructor(callers: Callers, sessions: Sessions) {
    this.#callers = callers;
    this.#sessions = sessions;
  }

  /** Rejects with a LifeverseError: who is not logged in, is suspended, or has no role that allows it. */
  async enter(request: FastifyRequest, act: StaffAct): Promise<Staff> {
    const info = await this.#sessions.verify(this.#callers.caller(request).token ?? '');
    if (typeof info === 'string') throw new LifeverseError(info);
    if (!mayDo(info.roles, act)) throw new LifeverseError('role_required');
    return { actor: `player:${info.player}`, roles: info.roles };
  }

  async admit(request: FastifyRequest, act: StaffAct): Promise<string> {
    return (await this.enter(request, act)).actor;
  }
}
