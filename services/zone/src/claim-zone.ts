import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bus,
  type DeskOutcome,
  decodeClaimed,
  decodeDeskAnswer,
  encodeDeskRequest,
  subjects,
} from '@lifeverse/contracts';
import type { Log } from '@lifeverse/node-kit';

export interface ClaimOptions {
  readonly zone: number;
  readonly bus: Bus;
  readonly log: Log;
  /** Ends the waiting: the claim rejects. */
  readonly signal: AbortSignal;
}

const NUMBERS = 2 ** 47;
const AGAIN_MS = 500;
/** A backend that is silent for so long is worth a line in the log. */
const SAID_AFTER_MS = 2_000;

/**
 * Becomes the owner of a zone, and gives the epoch of that: the backend is asked until it answers, however long that takes.
 * Whoever had the zone before is refused from then on.
 */
export async function claimZone({ zone, bus, log, signal }: ClaimOptions): Promise<number> {
  const number = randomInt(NUMBERS);
  const answered = new AbortController();
  let outcome: DeskOutcome | undefined;
  const end = bus.subscribe(subjects.deskAnswer(zone), (bytes) => {
    const answer = decodeDeskAnswer(bytes);
    if (answer?.zone !== zone || answer.epoch !== 0 || answer.number !== number) return;
    outcome = answer.outcome;
    if (outcome.kind !== 'later') answered.abort();
  });
  const either = AbortSignal.any([signal, answered.signal]);
  let said = false;
  try {
    for (let waitedMs = 0; !either.aborted; waitedMs += AGAIN_MS) {
      if (waitedMs >= SAID_AFTER_MS && !said) {
        said = true;
        log.warn({ zone, answer: outcome }, 'no backend gives the zone away: it waits for one');
      }
      bus.publish(subjects.desk, encodeDeskRequest({ zone, epoch: 0, number, kind: 'claim', body: new Uint8Array(0) }));
      await sleep(AGAIN_MS, undefined, { signal: either }).catch(() => undefined);
    }
  } finally {
    end();
  }
  signal.throwIfAborted();
  const epoch = outcome?.kind === 'done' ? decodeClaimed(outcome.body) : undefined;
  if (epoch === undefined) throw new Error(`zone ${zone} is not given away: ${JSON.stringify(outcome)}`);
  if (said) log.info({ zone, epoch }, 'a backend has given the zone away');
  return epoch;
}
