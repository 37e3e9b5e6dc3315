import type { DeskOutcome, DeskRequest } from '@lifeverse/contracts';

/** What answers the requests of zones. Asked again, it answers alike: the second time changes nothing. Never rejects. */
export interface Desk {
  ask(request: DeskRequest): Promise<DeskOutcome>;
}

/** A kind of request: who does it. Rejects with DatabaseUnreachable when nothing was decided. */
export type DeskHandler = (request: DeskRequest) => Promise<DeskOutcome>;
