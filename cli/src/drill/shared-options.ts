import { flag, integer, optionalText } from '@lifeverse/node-kit';

/** What every drill can be told. */
export const sharedOptions = {
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Of what is killed when, and of what players do.' }),
  json: flag({ sentence: 'Leaves out all but the result, which is one JSON object on the last line either way.' }),
  report: optionalText({
    expected: 'the path of a folder',
    sentence: 'Where to leave the result, and what it rests on.',
  }),
} as const;
