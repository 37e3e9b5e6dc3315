import type { PlayedDrill } from '../drill-command.ts';
import { htmlPage, lines, text } from './html.ts';
import type { Provenance } from './provenance.ts';
import { boundOf, measuredOf, type Target, verdictOf } from './target.ts';
import { timelineCharts } from './timeline-charts.ts';
import { timelineEvents } from './timeline-events.ts';
import { timelineStyle } from './timeline-style.ts';

type Told = Pick<PlayedDrill, 'result' | 'targets' | 'objections' | 'did' | 'saw' | 'course'>;

/** A drill as a page that needs nothing else: what was done, what players saw, what was measured, and all of it over time. */
export function timelinePage(played: Told, about: Provenance, command: string): string {
  const { result, objections, did, saw, targets, course } = played;
  const body = lines(
    '<header>',
    `<h1>${text(result.drill)} <span class="${result.passed ? 'passed' : 'failed'}">${result.passed ? 'passed' : 'failed'}</span></h1>`,
    `<p>${text(did)}</p>`,
    `<p class="saw"><b>What players saw.</b> ${text(saw)}</p>`,
    failures(objections),
    '</header>',
    '<main>',
    timelineCharts(course, gapBound(targets)),
    table(targets),
    timelineEvents(course),
    '</main>',
    `<footer><p><code>${text(command)}</code></p>`,
    `<p>${text(about.date.slice(0, 19).replace('T', ' '))} UTC, commit ${text(about.commit)}, ${text(about.machine)}</p></footer>`,
  );
  return htmlPage({ title: `${result.passed ? 'Passed' : 'Failed'}: ${result.drill}`, style: timelineStyle, body });
}

const SHOWN_MOST = 20;

function failures(objections: readonly string[]): string {
  if (objections.length === 0) return '';
  const items = objections.slice(0, SHOWN_MOST).map((what) => `<li>${text(what)}</li>`);
  const more = objections.length - SHOWN_MOST;
  return lines('<ul class="objections">', ...items, more > 0 ? `<li>and ${more} more</li>` : '', '</ul>');
}

function gapBound(targets: readonly Target[]): number | null {
  return targets.find(({ key }) => key === 'input_gap_ms_p99')?.most ?? null;
}

function table(targets: readonly Target[]): string {
  const rows = targets.map((target) => {
    const verdict = verdictOf(target);
    const mark = { kept: 'kept', missed: 'missed', told: '' }[verdict];
    return lines(
      `<tr class="${verdict}"><th scope="row">${text(target.words)} <code>${text(target.key)}</code></th>`,
      `<td class="number">${text(measuredOf(target))}</td><td>${text(boundOf(target))}</td><td class="mark">${mark}</td></tr>`,
    );
  });
  const head = '<thead><tr><th scope="col">figure</th><th scope="col" class="number">measured</th>';
  return lines(
    '<section><h2>Figures and targets</h2><table>',
    `${head}<th scope="col">target</th><th scope="col"></th></tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></section>`,
  );
}
