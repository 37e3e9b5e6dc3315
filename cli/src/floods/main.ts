import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, flag, integer, list, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { Wanderer } from '../load/wanderer.ts';
import { Crowd } from '../trial/crowd.ts';
import { ServerProcess } from '../trial/server-process.ts';
import { Attacker } from './attacker/attacker.ts';
import { attacks } from './attacks.ts';
import { type AttackResult, attackResult, floodTable } from './flood-report.ts';
import { Siege } from './siege.ts';
import { JOIN_MS_MOST, RSS_BYTES_MOST, STALENESS_FLOOR_MS, STALENESS_RATIO_MOST } from './verdict.ts';

const names = attacks.map(({ name }) => name);

const floodOptions = {
  players: integer({ min: 1, max: 10_000, default: 500, sentence: 'How many behave well, and are measured.' }),
  areaM2: integer({ min: 64, max: 1_000_000_000, default: 20_000, unit: 'm2', sentence: 'Size of the plain.' }),
  calmS: integer({ min: 1, max: 600, default: 10, unit: 's', sentence: 'The calm between two attacks.' }),
  warmUpS: integer({ min: 0, max: 600, default: 20, unit: 's', sentence: 'Between the arrival and the first calm.' }),
  repeats: integer({
    min: 0,
    max: 100,
    default: 6,
    sentence: 'Rounds of an attack that may follow while it is not clear what it moved.',
  }),
  attacks: list({
    expected: `names of attacks, parted by commas: ${names.join(', ')}`,
    accept: (value) => names.includes(value),
    sentence: 'Which attacks; all of them when left out.',
  }),
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Of all chance in it.' }),
  json: flag({ sentence: 'Writes the figures as one JSON object on the last line of standard output.' }),
} as const;

const help = `npm run floods -- [options]: attacks on a server full of players, and what these notice of them.

${optionsHelp(floodOptions)}
${attacks.map(({ name, what, seconds, windows, rounds }) => `\n  ${name.padEnd(15)} ${what}; ${rounds} times ${windows * seconds} s or more`).join('')}

Calm and attack alternate. A server fails when its memory grows by more than ${RSS_BYTES_MOST / 1_048_576} MiB; when anybody else is cut
off, meets an error, or needs ${JOIN_MS_MOST / 1_000} s to join; and when the staleness p99 of the others grows to ${STALENESS_RATIO_MOST} times that of
the calms, unless that is less than ${STALENESS_FLOOR_MS} ms: the middle of all windows against all. Rounds follow until that is clear; when it is
still not known well enough to tell no movement from one that is too large, that is a failure too. Exit code 1 when anything fails.`;

/** Decoders do the measuring; all others only have to be there. */
const DECODING = 50;

async function floods(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(help);
    return 0;
  }
  const options = readOptions(floodOptions, argv, {});
  const progress = (what: string): boolean => process.stderr.write(`${what}\n`);
  const server = await ServerProcess.start(['--world', 'open', '--area-m2', String(options.areaM2)]);
  const attacker = new Attacker();
  const results: AttackResult[] = [];
  try {
    const crowd = await Crowd.gather({
      server: server.url,
      players: options.players,
      decoding: DECODING,
      seed: options.seed,
      newDriver: (map, random) => new Wanderer(map, random),
    });
    if (!(await crowd.arrived())) throw new Error('not all players could join');
    progress(`${crowd.playing} players are in`);
    await sleep(options.warmUpS * 1_000);
    const { seed, calmS, repeats } = options;
    const siege = new Siege({ server, crowd, attacker, calmMs: calmS * 1_000, repeats, seed, progress });
    const chosen = attacks.filter(({ name }) => options.attacks.length === 0 || options.attacks.includes(name));
    for (const attack of chosen) {
      const result = attackResult(await siege.suffer(attack));
      results.push(result);
      progress(`${floodTable([result])}\n`);
    }
    for (const [sentence, times] of crowd.measures.said()) progress(`a player: ${sentence} (${times} times)`);
    crowd.leave();
  } finally {
    attacker.end();
    await server.stop();
  }
  console.log(floodTable(results));
  for (const { attack, objections } of results) for (const what of objections) console.log(`${attack}: ${what}`);
  const ok = results.every((result) => result.ok);
  if (options.json) console.log(JSON.stringify({ players: options.players, ok, attacks: results }));
  return ok ? 0 : 1;
}

try {
  process.exitCode = await floods(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
