import type { Refusal } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';

/** Thrown inside of a transaction, so that nothing of it stays; never leaves this folder. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refused: ErrorCode, retryAfterMs?: number) {
    super(refused);
    this.refusal = retryAfterMs === undefined ? { refused } : { refused, retryAfterMs };
  }
}

/** What the work answers, or why it was refused; other errors stay errors. */
export async function orRefusal<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
