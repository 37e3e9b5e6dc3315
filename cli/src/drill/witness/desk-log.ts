import { decodeDealingsAsk, decodeDeskAnswer, decodeDeskRequest } from '@lifeverse/contracts';

/** An owner of a zone asked for an operation that is to last. */
export interface DeskAsk {
  /** In hex. */
  readonly key: string;
  readonly zone: number;
  readonly epoch: number;
}

/** What owners of zones ask the backend to keep, as it is heard on the bus. */
export class DeskLog {
  /** Each once, however often it was said. */
  readonly #asked = new Map<string, DeskAsk>();
  /** Answers to who is no owner any more. */
  refused = 0;

  request(bytes: Uint8Array): void {
    const request = decodeDeskRequest(bytes);
    if (request?.kind !== 'durable') return;
    const ask = decodeDealingsAsk(request.body);
    if (ask?.ask !== 'operate') return;
    const { zone, epoch } = request;
    const key = Buffer.from(ask.request.key).toString('hex');
    this.#asked.set(`${key} ${epoch}`, { key, zone, epoch });
  }

  answer(bytes: Uint8Array): void {
    const outcome = decodeDeskAnswer(bytes)?.outcome;
    if (outcome?.kind === 'refused' && outcome.code === 'zone_replaced') this.refused++;
  }

  get asked(): DeskAsk[] {
    return [...this.#asked.values()];
  }
}
