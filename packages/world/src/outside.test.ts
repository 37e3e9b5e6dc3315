import { declareContent, ManualClock, shape } from '@lifeverse/base';
import { defineWorld, plain, vec2 } from '@lifeverse/definition';
import { expect, it } from 'vitest';
import type { Outside } from './outside.ts';
import { type ServedWorld, serve, system } from './serve.ts';
import { ZoneCore } from './zone-core.ts';

const greeting = declareContent({ shape: shape.text(16), initial: 'hello', sentence: 'What is said.' });
const hall = defineWorld({
  name: 'hall',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {},
  content: { greeting },
});

/** What the rules are told in each of so many ticks. */
function told(ticks: number, outside?: Outside): (readonly [string, number])[] {
  const heard: (readonly [string, number])[] = [];
  const served = serve<(typeof hall)['definition']>(hall, {
    populate: ({ spawn }) => void spawn('crier', { x: 50, y: 50 }),
    systems: [system({}, ({ content, unixMs }) => void heard.push([content.greeting, unixMs]))],
  });
  const zone = new ZoneCore({
    served: served as unknown as ServedWorld,
    zone: 1,
    epoch: 1,
    seed: 1,
    clock: new ManualClock(),
    options: {},
    ...(outside === undefined ? {} : { outside }),
    ports: { toGateway() {}, truth() {}, fault: (where, error) => expect.fail(`${where}: ${error}`) },
  });
  for (let tick = 1; tick <= ticks; tick++) zone.tick(tick, tick * 50);
  return heard;
}

it('[WO37] rules see documents as they stand in that tick, and the time at which it began', () => {
  let ms = 1_000;
  const outside = { content: () => (ms > 1_001 ? 'good evening' : 'good day'), unixMs: () => ++ms };
  expect(told(2, outside)).toEqual([
    ['good day', 1_001],
    ['good evening', 1_002],
  ]);
});

it('[WO37] where nobody changes them, documents are as the world declares them', () => {
  expect(told(1)).toEqual([['hello', 0]]);
});
