import { type Bins, binsOf, countsOf } from './bins.ts';
import { extent, type Frame, faultBands, plot } from './chart-frame.ts';
import type { Course, Lane } from './course.ts';
import { lines, text } from './html.ts';
import { type Series, stackChart } from './stack-chart.ts';
import { duration, rounded, TimeAxis } from './time-axis.ts';
import { waitChart } from './wait-chart.ts';

const LANE_HEIGHT = 18;
/** All charts of a course, one below the other, with one time from left to right. `gapMostMs`: what waits should not exceed. */
export function timelineCharts(course: Course, gapMostMs: number | null): string {
  const frame = { axis: new TimeAxis(course), bins: binsOf(course), faults: course.faults };
  const { axis } = frame;
  return lines(
    '<section class="charts"><h2>Over time</h2>',
    row('faults', faultLane(frame)),
    ...course.lanes.map((lane) => row(text(lane.name), processLane(lane, frame))),
    legend([
      ['alive', 'runs'],
      ['silent', 'is there and says nothing'],
      ['gone', 'is gone'],
    ]),
    timeRow(axis),
    row('waits for an acknowledgement', waitChart(course, frame, gapMostMs), 'tall'),
    legend([
      ['p50', 'half of the players'],
      ['p99', '99 in 100'],
      ['spread', 'from the median to the longest'],
    ]),
    row('players', stackChart('players', comings(course, frame.bins), frame), 'middle'),
    legend([
      ['joined', 'joined'],
      ['back', 'came back'],
      ['lost', 'lost the connection'],
    ]),
    row(text(course.operations), stackChart(course.operations, operations(course, frame.bins), frame), 'middle'),
    legend([
      ['done', 'done'],
      ['refused', 'refused'],
      ['unknown', 'never known'],
    ]),
    timeRow(axis),
    '</section>',
  );
}

function row(name: string, plot: string, kind = ''): string {
  return `<div class="row ${kind}"><div class="name">${name}</div>${plot}</div>`;
}

function legend(marks: readonly (readonly [kind: string, words: string])[]): string {
  const shown = marks.map(([kind, words]) => `<span><i class="mark-${kind}"></i>${text(words)}</span>`);
  return `<p class="legend">${shown.join(' ')}</p>`;
}

/** Nearer to the end, a label stands before its line. */
const LAST_PERCENT = 90;

function timeRow(axis: TimeAxis): string {
  const ticks = axis.ticks.map(({ ms, label }) => {
    const left = axis.percent(ms);
    return `<span${left > LAST_PERCENT ? ' class="last"' : ''} style="left:${left}%">${label}</span>`;
  });
  return row('', `<div class="plot times">${ticks.join('')}</div>`, 'axis');
}

/** Labels nearer to one another would meet: on a phone, and everywhere. */
const APART_PERCENT = { phone: 34, ever: 13 } as const;

function faultLane({ faults, axis }: Frame): string {
  const bars = faults.map((fault) => {
    const [x, width] = extent(axis, fault);
    const title = `${fault.what}, ${axis.label(fault.fromMs)} to ${axis.label(fault.untilMs)}`;
    return `<rect class="fault" x="${x}" y="0" width="${width}" height="${LANE_HEIGHT}"><title>${text(title)}</title></rect>`;
  });
  let last = Number.NEGATIVE_INFINITY;
  const labels = faults.map((fault) => {
    const left = axis.percent(fault.fromMs);
    const apart = left - last;
    if (apart < APART_PERCENT.ever) return '';
    last = left;
    const side =
      left > 100 - APART_PERCENT.ever ? `right:${rounded(100 - axis.percent(fault.untilMs))}%` : `left:${left}%`;
    return `<span class="note${apart < APART_PERCENT.phone ? ' wide' : ''}" style="${side}">${text(fault.what)}</span>`;
  });
  return plot({ height: LANE_HEIGHT, label: 'faults' }, bars.join(''), labels.join(''));
}

function processLane({ name, spans }: Lane, frame: Frame): string {
  const { axis } = frame;
  const bars = spans.map((span) => {
    const [x, width] = span.state === 'alive' ? [axis.x(span.fromMs), between(axis, span)] : extent(axis, span);
    const title = `${name} ${span.state}, ${axis.label(span.fromMs)} to ${axis.label(span.untilMs)} (${duration(span.untilMs - span.fromMs)})`;
    return `<rect class="${span.state}" x="${x}" y="3" width="${width}" height="${LANE_HEIGHT - 6}"><title>${text(title)}</title></rect>`;
  });
  return plot({ height: LANE_HEIGHT, label: name }, faultBands(frame, LANE_HEIGHT) + bars.join(''));
}

function between(axis: TimeAxis, { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }): number {
  return rounded(axis.x(untilMs) - axis.x(fromMs));
}

function comings({ comings: all }: Course, bins: Bins): Series[] {
  const of = (kind: string) =>
    countsOf(
      all.filter((it) => it.kind === kind).map(({ atMs }) => ({ atMs, outcome: 'done' as const })),
      bins,
    ).map(({ done }) => done);
  return (['joined', 'back', 'lost'] as const).map((kind) => ({ kind, counts: of(kind) }));
}

function operations({ settled }: Course, bins: Bins): Series[] {
  const counts = countsOf(settled, bins);
  return (['done', 'refused', 'unknown'] as const).map((kind) => ({ kind, counts: counts.map((it) => it[kind]) }));
}
