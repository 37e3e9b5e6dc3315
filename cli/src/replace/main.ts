import { flag, list, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { askSupervisor } from '../cluster/ask.ts';
import { type Kind, kinds } from '../cluster/fleet.ts';
import { isKind } from '../cluster/orders.ts';
import { databaseOptions, type Environment } from '../database/options.ts';
import { Interruption } from '../load/interruption.ts';
import { busOptions } from '../roles/bus-options.ts';

/** What `lifeverse replace` can be told. */
export const replaceOptions = {
  only: list({
    expected: `of ${kinds.join(', ')}, parted by commas`,
    accept: isKind,
    sentence: 'Which are replaced; all when left out.',
  }),
  json: flag({ sentence: 'Leaves out all but the result, as one object of JSON.' }),
  data: databaseOptions.data,
  cluster: busOptions.cluster,
} as const;

/** What a shell calls a program that was ended by Ctrl-C. */
const INTERRUPTED = 130;

/** `lifeverse replace`: every process of a running cluster, one after the other. Returns the exit code. */
export async function runReplace(argv: readonly string[], environment: Environment): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(replaceHelp());
    return 0;
  }
  const { LIFEVERSE_DATA, LIFEVERSE_CLUSTER } = environment;
  const { only, json, data, cluster } = readOptions(replaceOptions, argv, { LIFEVERSE_DATA, LIFEVERSE_CLUSTER });
  const interruption = new Interruption();
  const ending = new AbortController();
  void interruption.asked.then(() => ending.abort());
  const startedMs = performance.now();
  try {
    const told = (line: string): void => {
      if (!json) console.log(line);
    };
    const wanted: readonly Kind[] = only.length === 0 ? kinds : only.filter(isKind);
    const asking = { told, signal: ending.signal };
    const { replaced = 0 } = await askSupervisor({ data, cluster }, { replace: wanted }, asking);
    const ranMs = Math.round(performance.now() - startedMs);
    console.log(json ? JSON.stringify({ replaced, ran_ms: ranMs }) : `${replaced} processes were replaced.`);
    return 0;
  } catch (error) {
    if (!interruption.happened) throw error;
    console.error('The process that is being replaced is replaced still, and none behind it.');
    return INTERRUPTED;
  } finally {
    interruption.end();
  }
}

function replaceHelp(): string {
  return [
    'lifeverse replace [options]: replaces the processes of a running cluster one after the other, while it is played in.',
    '',
    'For each, its successor is started beside it under a new name; then the old one hands over what it has, and ends. Successors are what is',
    'installed by now: so a new version takes the place of an old one. NATS and the database stay. Ctrl-C ends it behind the process that is being replaced.',
    '',
    optionsHelp(replaceOptions),
  ].join('\n');
}
