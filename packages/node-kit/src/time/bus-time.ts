import { randomInt } from 'node:crypto';
import {
  type Bus,
  decodeTimeAnswer,
  decodeTimeQuestion,
  encodeTimeAnswer,
  encodeTimeQuestion,
  subjects,
  type TimeAnswer,
} from '@lifeverse/contracts';
import { ServerTime, type TimeOptions } from './server-time.ts';

const ANSWER_MS = 1_000;
const QUESTIONS = 2 ** 32;

/** Tells gateways the time. Returns what ends that. */
export function tellTime(bus: Bus, time: ServerTime): () => void {
  return bus.subscribe(subjects.timeAsked, (bytes) => {
    const question = decodeTimeQuestion(bytes);
    if (question === undefined || !/^[\w-]+$/.test(question.gateway)) return;
    const { gateway, number } = question;
    const answer = { number, serverMs: time.nowMs(), uncertaintyMs: time.uncertaintyMs() };
    bus.publish(subjects.timeTold(gateway), encodeTimeAnswer(answer));
  });
}

/** The world's time for who has no database, as backends tell it; `stop` ends it. Waits for a backend. */
export async function openBusTime(bus: Bus, gateway: string, options: TimeOptions): Promise<ServerTime> {
  // From anywhere: of two gateways of one name, neither takes the other's answers for its own.
  let number = randomInt(QUESTIONS);
  let answered: (answer: TimeAnswer) => void = () => undefined;
  const end = bus.subscribe(subjects.timeTold(gateway), (bytes) => {
    const answer = decodeTimeAnswer(bytes);
    if (answer?.number === number) answered(answer);
  });
  const ask = () =>
    new Promise<TimeAnswer>((resolve, reject) => {
      answered = resolve;
      setTimeout(() => reject(new Error('nobody told the time')), ANSWER_MS).unref();
      bus.publish(subjects.timeAsked, encodeTimeQuestion({ gateway, number: ++number }));
    });
  try {
    return await ServerTime.start(ask, options, end);
  } catch (error) {
    end();
    throw error;
  }
}
