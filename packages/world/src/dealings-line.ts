import { type DealingsAnswer, type DealingsAsk, decodeDealingsAnswer, encodeDealings } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { DeskLine } from './desk-line.ts';

/** Asks the desk for what is to last; `then` is called once, in a later turn: with the answer, or with why there is none. */
export type AskDesk = (
  nowMs: number,
  ask: DealingsAsk,
  then: (answer: DealingsAnswer | ErrorCode, nowMs: number) => void,
) => void;

/** Of a desk that has been silent for so long nothing more is demanded; it is only asked. */
const SILENT_MS = 3_000;

/**
 * By the zone's line to the backend. While that is silent nothing is demanded of it, and so nothing decided. What was put off is told
 * at once and not asked again by itself, since nothing was decided; but where the outcome is unknown it is asked until it is known.
 */
export function askByLine(line: () => DeskLine | undefined): AskDesk {
  return (askedMs, ask, then) => {
    const desk = line();
    if (desk === undefined) {
      then('journal_unreachable', askedMs);
      return;
    }
    const changes = ask.ask === 'operate' || ask.ask === 'exchange';
    if (changes && desk.silentMs(askedMs) > SILENT_MS) {
      desk.soon((nowMs) => then('journal_unreachable', nowMs));
      return;
    }
    // It may have been done: that it cannot be asked about just now is no answer.
    let unsure = false;
    const number = desk.ask(
      'durable',
      encodeDealings(ask),
      askedMs,
      (outcome, nowMs) => {
        if (outcome.kind === 'refused') then(outcome.code, nowMs);
        else then(decodeDealingsAnswer(outcome.body) ?? 'internal', nowMs);
      },
      (code, _retryMs, nowMs) => {
        unsure ||= code === 'outcome_unknown';
        if (unsure) return;
        desk.forget(number);
        then(code, nowMs);
      },
    );
  };
}
