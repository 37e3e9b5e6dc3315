/** The load cannot be run as asked; the message is one sentence for a person. */
export class LoadProblem extends Error {
  override readonly name = 'LoadProblem';
}

/** What went wrong beneath a failed request or socket, in a few words. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return String(cause);
}
