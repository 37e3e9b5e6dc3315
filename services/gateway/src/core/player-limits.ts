import type { ToggleContext } from '@lifeverse/contracts';
import { type Connection, groupOf } from './connection.ts';
import type { Group } from './group.ts';
import type { Groups } from './groups.ts';

export interface LimitsFor {
  /** What this player is sent at most, bytes per second; looked at anew every second. Left out: anything. */
  readonly bytesPerSFor?: (audience: ToggleContext) => number;
  /** How far this player sees, cells; as often looked at. Left out: as far as the world's view goes. */
  readonly viewRadiusCellsFor?: (audience: ToggleContext) => number;
}

/** What a player is allowed is looked up for one of so many shares of them each time, so that nobody waits for all. */
const SHARES = 20;

/** How much players are sent, and how far they see (GW15, GW20). */
export class PlayerLimits {
  readonly #for: LimitsFor;
  readonly #groups: Pick<Groups, 'beyond'>;
  #share = 0;

  constructor(limitsFor: LimitsFor, groups: Pick<Groups, 'beyond'>) {
    this.#for = limitsFor;
    this.#groups = groups;
  }

  allow({ allowance, character, audience }: Connection): void {
    const { bytesPerSFor } = this.#for;
    if (bytesPerSFor !== undefined && character !== '') allowance.bytesPerS = bytesPerSFor(audience);
  }

  linkClassOf(audience: ToggleContext): number {
    const radiusCells = this.#for.viewRadiusCellsFor?.(audience);
    return radiusCells === undefined ? 0 : this.#groups.beyond(radiusCells);
  }

  /** Looks at the next share of them; gives those who see farther, or less far, than they did. */
  *look(
    connections: Iterable<Connection>,
  ): Generator<{ readonly connection: Connection; readonly group: Group; readonly linkClass: number }> {
    this.#share = (this.#share + 1) % SHARES;
    for (const connection of connections) {
      if (connection.session % SHARES !== this.#share) continue;
      this.allow(connection);
      const group = groupOf(connection);
      if (group === null) continue;
      const linkClass = this.linkClassOf(connection.audience);
      if (linkClass !== group.identity.linkClass) yield { connection, group, linkClass };
    }
  }
}
