import { type OptionValues, optionalInteger, text } from '@lifeverse/node-kit';

/** Where a role says how it is, for who looks after its process. */
export const healthOptions = {
  healthPort: optionalInteger({
    min: 0,
    max: 65_535,
    sentence:
      'Answers GET /healthz (it is alive) and /readyz (200, or 503 and what is waited for) at this port, from the start; 0 takes a free one; nowhere when left out.',
  }),
  healthHost: text({
    expected: 'an address or a name of this machine',
    default: '127.0.0.1',
    accept: (value) => /^[\w.:%-]+$/.test(value),
    sentence: 'Where to listen for that; :: is every address of this machine.',
  }),
} as const;

export type HealthOptions = OptionValues<typeof healthOptions>;
