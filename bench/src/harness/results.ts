import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultChart } from './chart.ts';
import type { Provenance } from './machine.ts';
import type { Options } from './options.ts';
import type { Round } from './rounds.ts';
import { published, type ScenarioResult } from './summary.ts';
import { heldAgainstTargets } from './targets.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'results');

/**
 * Writes what was measured, and answers the files. Only a run of the whole table becomes the newest one, which the
 * README shows; a run of named scenarios keeps to a file of its own.
 */
export function writeResults(
  provenance: Provenance,
  options: Options,
  results: readonly ScenarioResult[],
  rounds: readonly Round[],
): readonly string[] {
  const { rounds: repeated, warmupS, measuredS, seed, decoders, viewDelaysMs } = options;
  const document = {
    ...provenance,
    settings: { rounds: repeated, warmupS, measuredS, seed, decoders, viewDelaysMs },
    scenarios: results.map((result) => ({ ...published(result), spread: { ...result.peers, ratios: result.ratios } })),
    targets: heldAgainstTargets(results),
    runs: rounds.map((round) => ({ ...round, scenario: round.scenario.name })),
  };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const day = provenance.date.slice(0, 10);
  const part = options.allScenarios ? '' : `-${results.map((result) => result.scenario).join('-')}`;
  const files = [join(FOLDER, `${day}-${provenance.commit}${part}.json`)];
  mkdirSync(FOLDER, { recursive: true });
  if (options.allScenarios) {
    const chart = join(FOLDER, 'latest.svg');
    writeFileSync(chart, resultChart(results, provenance));
    files.push(join(FOLDER, 'latest.json'));
  }
  for (const file of files) writeFileSync(file, text);
  return options.allScenarios ? [...files, join(FOLDER, 'latest.svg')] : files;
}
