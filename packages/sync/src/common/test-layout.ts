import type { WorldLayout } from '@lifeverse/protocol';

/** A small world for tests: components of several kinds, one for owners only, and an audience. */
export const testLayout: WorldLayout = {
  name: 'example',
  tickHz: 20,
  cellSizeM: 32,
  viewCellsSquared: 5,
  position: { toleranceMm: 50, maxSpeedMmPerTick: 400 },
  audiences: ['owls'],
  components: [
    { number: 1, name: 'mood', audience: 'all', field: { kind: 'choice', options: ['calm', 'merry', 'tired'] } },
    { number: 2, name: 'purse', audience: 'owner', field: { kind: 'integer', min: 0, max: 1_000 } },
    { number: 3, name: 'title', audience: 'all', field: { kind: 'text', maxBytes: 24 } },
    { number: 4, name: 'level', audience: 'all', field: { kind: 'integer', min: -5, max: 1_099_511_627_776 } },
    { number: 5, name: 'keys', audience: 'owner', field: { kind: 'text', maxBytes: 10 } },
  ],
  commands: [
    {
      number: 1,
      name: 'walk',
      predicted: true,
      fields: [
        { number: 1, name: 'towards', layout: { kind: 'heading' } },
        { number: 2, name: 'pace', layout: { kind: 'choice', options: ['stand', 'walk', 'run'] } },
      ],
    },
    { number: 7, name: 'say', fields: [{ number: 1, name: 'text', layout: { kind: 'text', maxBytes: 200 } }] },
    { number: 9, name: 'rest', fields: [] },
  ],
  events: [
    { number: 1, name: 'speech', fields: [{ number: 1, name: 'text', layout: { kind: 'text', maxBytes: 200 } }] },
  ],
  mapFingerprint: 'map',
  stepFingerprint: 'step',
};
