import type { Course } from './course.ts';
import { lines, text } from './html.ts';
import { duration, TimeAxis } from './time-axis.ts';

interface Moment {
  readonly atMs: number;
  readonly what: string;
}

const SHOWN_MOST = 200;
const verbs = { alive: 'runs', silent: 'says nothing any more', gone: 'is gone' } as const;

/** The same in words: what broke, and what became of each process. */
export function timelineEvents(course: Course): string {
  const axis = new TimeAxis(course);
  const moments = [...faultMoments(course), ...laneMoments(course)]
    .filter(({ atMs }) => atMs >= course.startMs)
    .sort((a, b) => a.atMs - b.atMs);
  const items = moments
    .slice(0, SHOWN_MOST)
    .map(({ atMs, what }) => `<li><time>${axis.label(atMs)}</time> ${text(what)}</li>`);
  const more = moments.length - SHOWN_MOST;
  const rest = more > 0 ? `<li>and ${more} more</li>` : '';
  return lines('<section><h2>What happened when</h2><ol class="events">', ...items, rest, '</ol></section>');
}

function faultMoments({ faults }: Course): Moment[] {
  return faults.map(({ what, fromMs, untilMs }) => {
    return { atMs: fromMs, what: `Fault: ${what} (whole again after ${duration(untilMs - fromMs)})` };
  });
}

function laneMoments({ lanes }: Course): Moment[] {
  return lanes.flatMap(({ name, spans }) =>
    spans.map(({ fromMs, state }, at) => {
      const before = spans[at - 1];
      const since = before === undefined || state !== 'alive' ? '' : `, after ${duration(fromMs - before.fromMs)}`;
      return { atMs: fromMs, what: `${name} ${verbs[state]}${before === undefined ? '' : since}` };
    }),
  );
}
