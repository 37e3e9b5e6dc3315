import { plants } from '@lifeverse/backend/journal';
import { choice, flag, integer, type OptionValues, readOptions } from '@lifeverse/node-kit';
import { runTrace } from './trace.ts';

/** The tables in memory know no locks: what forgets their order is found with the real server. */
const plantNames = Object.keys(plants).filter((name) => name !== 'no-lock-order');

/** What `npm run sim -- --scenario trade` takes. */
export const tradeOptions = {
  seeds: integer({ min: 1, max: 100_000_000, default: 10_000, sentence: 'How many interleavings are tried.' }),
  seed: integer({ min: 0, max: 4_294_967_295, default: 1, sentence: 'Of the first one; the others follow it.' }),
  distinctMin: integer({
    min: 0,
    max: 100_000_000,
    default: 0,
    sentence: 'Fewer different ones than this are a failure.',
  }),
  plant: choice({
    options: ['none', ...plantNames],
    default: 'none',
    sentence: 'A known bug to put in: shows that the checks find it.',
  }),
  json: flag({ sentence: 'The counts as one JSON object.' }),
} as const;

interface TradeSearch {
  readonly traces: number;
  readonly distinct: number;
  readonly events: number;
  readonly exchanged: number;
  readonly violation: { readonly seed: number; readonly found: readonly string[] } | null;
}

/** Tries seeds until one of them breaks what always must hold. */
export function searchTrades(options: Omit<OptionValues<typeof tradeOptions>, 'json' | 'distinctMin'>): TradeSearch {
  const seen = new Set<number>();
  let events = 0;
  let exchanged = 0;
  for (let index = 0; index < options.seeds; index++) {
    const seed = (options.seed + index) >>> 0;
    const trace = runTrace(seed, plants[options.plant]?.() ?? null);
    seen.add(trace.hash);
    events += trace.events.length;
    exchanged += trace.exchanged;
    if (trace.violations.length > 0) {
      const violation = { seed, found: trace.violations };
      return { traces: index + 1, distinct: seen.size, events, exchanged, violation };
    }
  }
  return { traces: options.seeds, distinct: seen.size, events, exchanged, violation: null };
}

/** Answers the exit code: 1 when something did not hold that always must. */
export function tradeSim(argv: readonly string[]): number {
  const options = readOptions(tradeOptions, argv, {});
  const started = performance.now();
  const search = searchTrades(options);
  const tracesPerS = Math.round(search.traces / ((performance.now() - started) / 1_000));
  const { violation, traces, distinct, events, exchanged } = search;
  if (options.json) console.log(JSON.stringify({ scenario: 'trade', ...search, tracesPerS }));
  else
    console.log(
      `${traces} traces, ${distinct} distinct, ${events} events, ${exchanged} trades, ${tracesPerS} traces/s`,
    );
  if (violation !== null) {
    const plant = options.plant === 'none' ? '' : ` --plant ${options.plant}`;
    console.error(`seed ${violation.seed} does not hold: ${violation.found.join('; ')}`);
    console.error(`again: npm run sim -- --scenario trade --seed ${violation.seed} --seeds 1${plant}`);
    return 1;
  }
  if (distinct >= options.distinctMin) return 0;
  console.error(`${distinct} distinct traces are fewer than ${options.distinctMin}`);
  return 1;
}
