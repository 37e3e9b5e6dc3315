import { type Bus, decodeDeskRequest, encodeDeskAnswer, subjects } from '@lifeverse/contracts';
import type { Desk } from './desk.ts';

/** Requests that are being answered; what comes on top is dropped, and asked again. */
const MOST_OPEN = 20_000;

export interface RunningDesk {
  readonly counters: { readonly requests: number; readonly malformed: number; readonly dropped: number };
  stop(): void;
}

/** Answers what zones ask on the bus. A request that comes again while it is being answered is answered once. */
export function serveDesk(bus: Bus, desk: Desk): RunningDesk {
  const open = new Set<string>();
  const counters = { requests: 0, malformed: 0, dropped: 0 };
  let stopped = false;
  const end = bus.subscribe(subjects.desk, (bytes) => {
    const request = decodeDeskRequest(bytes);
    if (request === undefined) {
      counters.malformed++;
      return;
    }
    const { zone, epoch, number } = request;
    const name = `${zone}/${epoch}/${number}`;
    if (open.has(name)) return;
    if (open.size >= MOST_OPEN) {
      counters.dropped++;
      return;
    }
    counters.requests++;
    open.add(name);
    void desk.ask(request).then((outcome) => {
      open.delete(name);
      if (!stopped) bus.publish(subjects.deskAnswer(zone), encodeDeskAnswer({ zone, epoch, number, outcome }));
    });
  });
  return {
    counters,
    stop() {
      stopped = true;
      end();
    },
  };
}
