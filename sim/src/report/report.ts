import type { Outcome, Settings } from '../simulation.ts';

/** The counts, one kind a line, kinds of a sort together. */
export function countsTable({ tally }: Pick<Outcome, 'tally'>): string {
  const entries = tally.entries().filter(([, count]) => count > 0);
  const width = Math.max(...entries.map(([, count]) => count.toLocaleString('en').length));
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([kind, count]) => `${count.toLocaleString('en').padStart(width)}  ${kind}`).join('\n');
}

/** What was violated, when, and how to see it again: one line. */
export function violationLine({ violation }: Outcome, settings: Settings): string {
  if (violation === null) return '';
  const { check, what, atS } = violation;
  const sentence = what.replaceAll(/\s*\n\s*/g, ' | ');
  return `violated after ${atS.toFixed(3)} s with seed ${settings.seed}: ${check}: ${sentence}; again: ${command(settings)}`;
}

/** What one types to have the same run. */
function command(settings: Settings): string {
  const { seed, seconds, players, gateways, zones, world, flipInput, plant } = settings;
  const options = [`--seed ${seed}`, `--seconds ${seconds}`, `--players ${players}`];
  options.push(`--gateways ${gateways}`);
  if (zones > 1) options.push(`--zones ${zones}`);
  options.push(`--world ${world}`);
  if (flipInput !== null) options.push(`--flip-input ${flipInput}`);
  if (plant !== null) options.push(`--plant ${plant.name}`);
  return `npm run sim -- ${options.join(' ')}`;
}
