import { htmlPage, lines, text } from '../drill/report/html.ts';
import type { Measured, Standing } from './standing.ts';

const style = `
:root { --paper: #fbfaf8; --ink: #1c2226; --dim: #5b666d; --line: #d9d6d0; --red: #b3312a; --red-soft: #b3312a1c; --green: #2d7a46; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181b; --ink: #e3e6e8; --dim: #98a3aa; --line: #2c343a; --red: #ee7468; --red-soft: #ee746824; --green: #6cc389; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem 1rem 3rem; max-width: 60rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 0 0 .2rem; }
p { margin: .2rem 0; }
section { border-left: 4px solid var(--green); padding: .3rem 0 .3rem .9rem; margin: 1.1rem 0; }
section.red { border-color: var(--red); background: var(--red-soft); }
.red b, .red .missing { color: var(--red); }
.shown, footer { color: var(--dim); font-size: .9rem; overflow-wrap: anywhere; }
footer { margin-top: 2rem; }
`;

/** What runs, and what its loss does to players: a page that needs nothing else. `of`: the world that was looked at; null: none. */
export function pointsPage(standings: readonly Standing[], of: string | null, now: Date): string {
  const singles = standings.filter(({ isSingle }) => isSingle === true).length;
  const count = singles === 1 ? 'one part of which there is only one' : `${singles} parts of which there is only one`;
  const body = lines(
    '<header>',
    '<h1>Single points</h1>',
    `<p>${of === null ? 'Of no world in particular.' : `Of the world at ${text(of)}: ${count}, as far as is seen from inside.`}</p>`,
    '</header>',
    '<main>',
    ...standings.map(section),
    '</main>',
    `<footer><p>${text(now.toISOString().slice(0, 19).replace('T', ' '))} UTC</p></footer>`,
  );
  return htmlPage({ title: 'Single points', style, body });
}

function section({ part, here, isSingle, loss, drill, measured }: Standing): string {
  const isRed = isSingle === true || measured?.passed !== true;
  const where = here === null ? '' : ` <small>${text(here)}</small>`;
  return lines(
    `<section${isRed ? ' class="red"' : ''}>`,
    `<h2>${text(part)}${where}</h2>`,
    isSingle === true ? '<p><b>A single point.</b></p>' : '',
    `<p>${text(loss)}</p>`,
    measured === null ? missing(drill) : shown(drill, measured),
    '</section>',
  );
}

function missing(drill: string | null): string {
  const words = drill === null ? 'No drill takes it away.' : `No run of ${drill} is on record.`;
  return `<p class="missing">${text(words)}</p>`;
}

function shown(drill: string | null, { recovery, players, faults, passed, date, commit, machine }: Measured): string {
  const verdict = passed ? '' : ' <b>Failed.</b>';
  const words = `${drill}: ${recovery}. ${players} players, ${faults} times, ${date.slice(0, 10)}, commit ${commit}, ${machine}.`;
  return `<p class="shown">${text(words)}${verdict}</p>`;
}
