import type { Refusal, TicketGrant } from '@lifeverse/contracts';
import Type, { type Static } from 'typebox';

const milliseconds = Type.Integer({ minimum: 0 });

/** The answer to who has to wait, in place of a ticket. */
export const WaitingSchema = Type.Object({
  code: Type.Literal('waiting'),
  place: Type.String({
    description: 'To be brought along when asking again; only the newest is good, and for a minute.',
  }),
  position: Type.Integer({ minimum: 1, description: 'Who is let in before, and oneself.' }),
  waiting: Type.Integer({ minimum: 0, description: 'All who wait.' }),
  estimateMs: Type.Union(
    [Type.Object({ least: milliseconds, most: Type.Union([milliseconds, Type.Null()]) }), Type.Null()],
    {
      description:
        'Between these, in at least nine of ten cases; `most` is null while nothing says when a seat will be free.',
    },
  ),
  why: Type.Union([Type.Literal('full'), Type.Literal('busy'), Type.Literal('unreachable')], {
    description: 'No seat is free; many come at once; what is kept of players cannot be reached.',
  }),
  retryAfterMs: Type.Integer({ minimum: 0, description: 'When it is worth asking again.' }),
});

export type Waiting = Static<typeof WaitingSchema>;

export function isWaiting(answer: TicketGrant | Refusal | Waiting): answer is Waiting {
  return 'code' in answer && answer.code === 'waiting';
}
