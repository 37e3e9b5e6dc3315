/** Of the timeline's page: light and dark, wide and narrow; no letters from elsewhere. */
export const timelineStyle = `
:root { --paper: #fbfaf8; --ink: #1c2226; --dim: #5b666d; --line: #d9d6d0; --well: #f1efeb; --runs: #2f7f92; --runs-soft: #2f7f9233;
  --amber: #a86a00; --red: #b3312a; --red-soft: #b3312a1c; --purple: #74489c; --green: #2d7a46; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181b; --ink: #e3e6e8; --dim: #98a3aa; --line: #2c343a; --well: #1b2125; --runs: #5cb3c7; --runs-soft: #5cb3c733;
    --amber: #e3a83c; --red: #ee7468; --red-soft: #ee746824; --purple: #b994de; --green: #6cc389; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem 1rem 3rem; max-width: 70rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h1 span { font-size: 1rem; padding: .1rem .6rem; border-radius: 1rem; vertical-align: 3px; color: var(--paper); white-space: nowrap; }
h1 .passed { background: var(--green); }
h1 .failed { background: var(--red); }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
p { margin: .4rem 0; max-width: 46rem; }
.saw { border-left: 4px solid var(--runs); padding: .3rem 0 .3rem .8rem; margin: .8rem 0; }
.objections { border-left: 4px solid var(--red); margin: .8rem 0; padding: .3rem 0 .3rem 1.8rem; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
.row { display: grid; grid-template-columns: 9rem 1fr; gap: .6rem; align-items: center; }
.row.tall, .row.middle { align-items: start; margin-top: .5rem; }
.name { font-size: .85rem; color: var(--dim); text-align: right; line-height: 1.2; overflow-wrap: anywhere; }
.plot { position: relative; min-width: 0; }
.plot svg { display: block; width: 100%; }
.row.tall .plot, .row.middle .plot { background: var(--well); }
.note, .scale { position: absolute; font-size: .75rem; line-height: 1; white-space: nowrap; pointer-events: none; }
.note { top: 3px; padding: 0 4px; }
.scale { left: 2px; color: var(--dim); transform: translateY(-100%); padding-bottom: 1px; }
.scale.right { left: auto; right: 2px; color: var(--ink); }
.times { height: 1.3rem; overflow: clip; }
.times span { position: absolute; top: 0; font-size: .75rem; color: var(--dim); border-left: 1px solid var(--line); padding-left: 3px; }
.times .last { transform: translateX(-100%); border-left: 0; border-right: 1px solid var(--line); padding: 0 3px 0 0; }
.legend { margin: .2rem 0 .5rem 9.6rem; font-size: .8rem; color: var(--dim); display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
.legend i { display: inline-block; width: .8rem; height: .7rem; margin-right: .35rem; border-radius: 2px; }
.alive, .done, .joined { fill: var(--runs); } .mark-alive, .mark-done, .mark-joined { background: var(--runs); }
.silent, .unknown { fill: var(--purple); } .mark-silent, .mark-unknown { background: var(--purple); }
.gone, .lost { fill: var(--red); } .mark-gone, .mark-lost { background: var(--red); }
.refused, .back { fill: var(--amber); } .mark-refused, .mark-back { background: var(--amber); }
.fault, .band { fill: var(--red-soft); }
.grid { stroke: var(--line); fill: none; vector-effect: non-scaling-stroke; }
.spread { fill: var(--runs-soft); } .mark-spread { background: var(--runs-soft); }
.p50, .p99, .bound { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.p50 { stroke: var(--dim); stroke-width: 1.5; } .mark-p50 { background: var(--dim); }
.p99 { stroke: var(--runs); stroke-width: 2; } .mark-p99 { background: var(--runs); }
.bound { stroke: var(--ink); stroke-dasharray: 5 4; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); font-weight: normal; vertical-align: top; }
thead th { color: var(--dim); font-size: .8rem; }
tbody th code { color: var(--dim); display: block; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.kept .mark { color: var(--green); }
.missed .mark, .missed .number { color: var(--red); font-weight: bold; }
.events { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.events li { padding: .15rem 0 .15rem 4.2rem; text-indent: -4.2rem; }
.events time { display: inline-block; width: 4.2rem; text-indent: 0; color: var(--dim); font-variant-numeric: tabular-nums; }
footer { margin-top: 2rem; color: var(--dim); font-size: .85rem; }
@media (max-width: 40rem) {
  .row { grid-template-columns: 1fr; gap: .1rem; margin-top: .3rem; }
  .row.axis .name { display: none; }
  .name { text-align: left; }
  .times .last { transform: translateX(-100%); border-left: 0; border-right: 1px solid var(--line); padding: 0 3px 0 0; }
.legend { margin-left: 0; }
  .note.wide { display: none; }
  table { font-size: .8rem; }
  th, td { padding: .35rem .2rem; }
  td { white-space: nowrap; }
}
`;
