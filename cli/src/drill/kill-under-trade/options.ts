import { choice, integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';
import { type FaultKind, faultKinds } from './fault.ts';

export const drillOptions = {
  repeat: integer({ min: 1, max: 100_000, default: 10, sentence: 'How many times something is killed.' }),
  players: integer({ min: 2, max: 200, default: 8, sentence: 'How many walk and trade meanwhile.' }),
  fault: choice({
    options: ['any', ...faultKinds] as const satisfies readonly ('any' | FaultKind)[],
    default: 'any',
    sentence:
      'What happens: kill -9 of the server, of its database, of both at once, or of both with the journal cut at some byte after its last flush.',
  }),
  ...sharedOptions,
} as const;
