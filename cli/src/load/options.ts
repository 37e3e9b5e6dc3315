import { flag, integer, type OptionValues, optionalInteger, optionalText, text } from '@lifeverse/node-kit';

/** What `lifeverse load` can be told. */
export const loadOptions = {
  url: text({
    expected: 'an address such as http://127.0.0.1:8080',
    default: 'http://127.0.0.1:8080',
    accept: (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    sentence: 'The server to play on.',
  }),
  players: optionalInteger({
    min: 1,
    max: 100_000,
    sentence: 'How many players. 100 when left out, or with --trace as many as it has.',
  }),
  seconds: integer({ min: 1, max: 604_800, default: 30, unit: 's', sentence: 'How long to measure, once all are in.' }),
  rampS: optionalInteger({
    min: 0,
    max: 3_600,
    unit: 's',
    sentence: 'Time over which the joins are spread; a second for each hundred players, at most 30, when left out.',
  }),
  json: flag({ sentence: 'Writes the figures as one JSON object on the last line of standard output.' }),
  trace: optionalText({
    expected: 'the path of a CSV file',
    sentence: 'Recorded movement to follow instead of walking at random: lines of t_s,id,x_m,y_m behind that header.',
  }),
  // What decoding costs grows with everyone in view: more than this, in a throng, and one core of the load generator
  // measures its own lateness.
  decoding: integer({
    min: 1,
    max: 100_000,
    default: 100,
    unit: 'players',
    sentence: 'Players who decode all they receive; more than these say all that a client says and only count.',
  }),
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Where the players walk at random.' }),
  operatorToken: optionalText({
    expected: 'the token of an operator',
    sentence:
      'So that many may come from one address: the --operator-token of the server. One on this machine, of the same user, need not be told.',
  }),
} as const;

export type LoadOptions = OptionValues<typeof loadOptions>;

const USUAL_PLAYERS = 100;
const JOINS_PER_S = 100;
const LONGEST_USUAL_RAMP_S = 30;

/** `traced`: how many there are in the trace, null without one. */
export function playerCount(options: LoadOptions, traced: number | null): number {
  return options.players ?? traced ?? USUAL_PLAYERS;
}

export function rampMs(options: LoadOptions, players: number): number {
  return (options.rampS ?? Math.min(LONGEST_USUAL_RAMP_S, players / JOINS_PER_S)) * 1_000;
}
