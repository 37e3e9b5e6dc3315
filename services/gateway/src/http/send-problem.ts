import { PROBLEM_TYPE, type Problem, retryAfterS } from '@lifeverse/node-kit';
import type { FastifyReply } from 'fastify';

export function sendProblem(reply: FastifyReply, what: Problem): FastifyReply {
  const waitS = retryAfterS(what.status, undefined);
  if (waitS !== null) reply.header('retry-after', waitS);
  return reply.code(what.status).type(PROBLEM_TYPE).send(JSON.stringify(what));
}
