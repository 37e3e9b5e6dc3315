import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  ConfigurationError,
  flag,
  type OptionValues,
  optionalText,
  optionsHelp,
  readOptions,
} from '@lifeverse/node-kit';
import { readRuns } from './drill-runs.ts';
import { pointsPage } from './points-page.ts';
import { standingText } from './said.ts';
import { standingOf } from './standing.ts';
import { type Topology, topologyOf } from './topology.ts';

/** What LifeVerse itself was shown to do. */
export const recorded = fileURLToPath(new URL('../../../docs/drills', import.meta.url));

/** What `lifeverse points` can be told. */
export const pointsOptions = {
  url: optionalText({
    expected: 'an address such as http://127.0.0.1:8080',
    sentence: 'Of a gateway of the world that is looked at. When left out, none is.',
  }),
  reports: optionalText({
    expected: 'the path of a folder',
    sentence:
      'Of reports as "lifeverse drill --report" leaves them, a folder each; those of LifeVerse itself when left out.',
  }),
  page: optionalText({ expected: 'the path of a file', sentence: 'Where to leave it as a page.' }),
  json: flag({ sentence: 'As one object of JSON.' }),
} as const;

type Options = OptionValues<typeof pointsOptions>;

/**
 * `lifeverse points`: what a world is made of, and what the loss of each part does to its players. Returns the exit code: 1 when
 * there is a part that no drill on record has taken away.
 */
export async function runPoints(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(help());
    return 0;
  }
  const { url, reports, page, json }: Options = readOptions(pointsOptions, argv, {});
  const runs = readRuns(reports ?? recorded);
  const standings = standingOf(url === null ? null : await topologyAt(url), runs);
  if (page !== null) writeFileSync(page, pointsPage(standings, url, new Date()));
  console.log(json ? JSON.stringify({ parts: standings }) : standingText(standings));
  return standings.every(({ measured }) => measured !== null) ? 0 : 1;
}

async function topologyAt(url: string): Promise<Topology> {
  const answer = await fetched(url);
  if (!answer.ok) throw new ConfigurationError(`The gateway at ${url} tells no metrics (${answer.status}).`);
  const topology = topologyOf(await answer.text());
  if (topology.gateways.length === 0) throw new ConfigurationError(`No gateway of a world is at ${url}.`);
  return topology;
}

async function fetched(url: string): Promise<Response> {
  if (!URL.canParse(url)) throw new ConfigurationError(`--url must be an address, not ${JSON.stringify(url)}.`);
  try {
    return await fetch(new URL('/metrics', url));
  } catch {
    throw new ConfigurationError(`Nobody answers at ${url}.`);
  }
}

function help(): string {
  return [
    'lifeverse points [options]: what a world is made of, what the loss of each part does to its players, and when a drill has shown that.',
    'Exit code 1: there is a part that no drill on record has taken away.',
    '',
    optionsHelp(pointsOptions),
  ].join('\n');
}
