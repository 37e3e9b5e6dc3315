import type { Clock } from '@lifeverse/base';
import { type Bus, decodeDeskRequest, encodeDeskAnswer, subjects } from '@lifeverse/contracts';
import type { BackendFigures } from '../metrics/backend-figures.ts';
import type { Desk } from './desk.ts';

/** Requests that are being answered; what comes on top is dropped, and asked again. */
const MOST_OPEN = 20_000;

export interface RunningDesk {
  stop(): void;
}

/** Answers what zones ask on the bus. A request that comes again while it is being answered is answered once. */
export function serveDesk(bus: Bus, desk: Desk, figures: BackendFigures, clock: Clock): RunningDesk {
  const open = new Set<string>();
  figures.gauges(() => ({ desk_open: open.size }));
  let stopped = false;
  const end = bus.subscribe(subjects.desk, (bytes) => {
    const request = decodeDeskRequest(bytes);
    if (request === undefined) {
      figures.count('desk_malformed');
      return;
    }
    const { zone, epoch, number } = request;
    const name = `${zone}/${epoch}/${number}`;
    if (open.has(name)) return;
    if (open.size >= MOST_OPEN) {
      figures.count('desk_dropped');
      return;
    }
    figures.count(`desk_requests/${request.kind}`);
    const cameMs = clock.nowMs();
    open.add(name);
    void desk.ask(request).then((outcome) => {
      open.delete(name);
      figures.sample('desk_answer_ms', clock.nowMs() - cameMs);
      if (outcome.kind === 'refused') figures.count(`desk_refused/${outcome.code}`);
      if (outcome.kind === 'later') figures.count(`desk_put_off/${outcome.code}`);
      if (!stopped) bus.publish(subjects.deskAnswer(zone), encodeDeskAnswer({ zone, epoch, number, outcome }));
    });
  });
  return {
    stop() {
      stopped = true;
      end();
    },
  };
}
