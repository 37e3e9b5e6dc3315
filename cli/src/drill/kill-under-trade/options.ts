import { choice, flag, integer, optionalText } from '@lifeverse/node-kit';
import { type FaultKind, faultKinds } from './fault.ts';

export const drillOptions = {
  repeat: integer({ min: 1, max: 100_000, default: 10, sentence: 'How many times something is killed.' }),
  players: integer({ min: 2, max: 200, default: 8, sentence: 'How many walk and trade meanwhile.' }),
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Of what is killed when, and of what players do.' }),
  fault: choice({
    options: ['any', ...faultKinds] as const satisfies readonly ('any' | FaultKind)[],
    default: 'any',
    sentence:
      'What happens: kill -9 of the server, of its database, of both at once, or of both with the journal cut at some byte after its last flush.',
  }),
  json: flag({ sentence: 'Leaves out all but the result, which is one JSON object on the last line either way.' }),
  report: optionalText({
    expected: 'the path of a folder',
    sentence: 'Where to leave what players were told, what is durable, and the result.',
  }),
} as const;
