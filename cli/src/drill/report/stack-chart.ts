import { type Frame, faultBands, plot } from './chart-frame.ts';
import { duration, rounded, WIDTH } from './time-axis.ts';

/** What is counted in each piece of time. */
export interface Series {
  /** Of its colour. */
  readonly kind: string;
  readonly counts: readonly number[];
}

const HEIGHT = 72;
/** Above the highest bar, for what is written there. */
const HEAD = 16;

/** Counts on top of one another. */
export function stackChart(name: string, series: readonly Series[], frame: Frame): string {
  const { count, binMs } = frame.bins;
  const sums = Array.from({ length: count }, (_, at) => series.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0));
  const most = Math.max(0, ...sums);
  const note = most === 0 ? 'none' : `at most ${most.toLocaleString('en')} in ${duration(binMs)}`;
  const width = rounded(WIDTH / count + 0.3);
  const foot = Array.from({ length: count }, () => HEIGHT);
  const bars = series.map(({ kind, counts }) => {
    const path = counts.map((value, at) => {
      if (value === 0) return '';
      // One among thousands is to be seen too.
      const height = Math.max(2, (value / most) * (HEIGHT - HEAD));
      const top = rounded((foot[at] ?? HEIGHT) - height);
      const piece = `M${rounded((at * WIDTH) / count)} ${foot[at]}V${top}h${width}V${foot[at]}z`;
      foot[at] = top;
      return piece;
    });
    return `<path class="${kind}" d="${path.join('')}"/>`;
  });
  const line = `<path class="grid" d="M0 ${HEIGHT - 0.5}H${WIDTH}"/>`;
  const drawn = faultBands(frame, HEIGHT) + bars.join('') + line;
  return plot({ height: HEIGHT, label: `${name}, ${note}` }, drawn, `<span class="note" style="left:0">${note}</span>`);
}
