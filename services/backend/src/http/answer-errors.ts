import { DatabaseUnreachable, notFound, PROBLEM_TYPE, type Problem, problem, retryAfterS } from '@lifeverse/node-kit';
import { catalogue, type ErrorCode, LifeverseError } from '@lifeverse/protocol';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { OutcomeUnknown } from '../journal/index.ts';

export function sendProblem(reply: FastifyReply, what: Problem, retryAfterMs?: number): FastifyReply {
  const waitS = retryAfterS(what.status, retryAfterMs);
  if (waitS !== null) reply.header('retry-after', waitS);
  return reply.code(what.status).type(PROBLEM_TYPE).send(JSON.stringify(what));
}

/** Whatever goes wrong is answered with problem details; what is our fault is logged, and nothing of it told. */
export function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, notFound));
  app.setErrorHandler((error: FastifyError | LifeverseError, request, reply) => {
    const code = codeOf(error);
    // Neither address nor headers: secrets come with them.
    if (code === 'internal') request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return sendProblem(reply, problem(code, detailOf(error)));
  });
}

function codeOf(error: FastifyError | LifeverseError): ErrorCode {
  if (error instanceof LifeverseError) return error.code;
  if (error instanceof DatabaseUnreachable) return 'backend_unreachable';
  if (error instanceof OutcomeUnknown) return 'outcome_unknown';
  const { statusCode = 500 } = error;
  if (statusCode === 413) return 'message_too_large';
  if (statusCode === 429) return 'rate_exceeded';
  return statusCode < 500 ? 'malformed_message' : 'internal';
}

function detailOf(error: Error): string | undefined {
  if (!(error instanceof LifeverseError) || error.message === catalogue[error.code].message) return undefined;
  return error.message;
}
