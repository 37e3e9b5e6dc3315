import type { Random } from '@lifeverse/base';
import type { Vec2, WorldMap } from '@lifeverse/definition';
import { separate, serve, system } from '@lifeverse/world';
import type { Yard, YardDefinition } from './yard.ts';

const BODY_MM = 300;
const FULL_TURN = 6.283185307179586;
const STROLLERS = 10;

function somewhere(map: WorldMap, random: Random): Vec2 {
  for (;;) {
    const x = random.below(map.widthMm);
    const y = random.below(map.heightMm);
    if (map.fits(x, y, BODY_MM)) return { x: x / 1_000, y: y / 1_000 };
  }
}

export const rules = (world: Yard) =>
  serve(world, {
    join: ({ self, random, map, guest }) => {
      self.name = guest.name;
      self.teleport(somewhere(map, random));
    },
    populate: ({ spawn, random, map }) => {
      for (let i = 0; i < STROLLERS; i++) spawn('stroller', somewhere(map, random), { name: `stroller ${i}` });
    },
    commands: {
      wave: ({ at }) => at.tell('cheered'),
      say: ({ self, input }) => self.emit('speech', { text: input.text }),
      hide: ({ self, input }) => {
        self.hideIn(input.on ? 'shade' : 'all');
        self.watch('shade', input.on);
      },
      peer: ({ self, input }) => self.watch('shade', input.on),
      leap: ({ self, random, map }) => self.teleport(somewhere(map, random)),
    },
    effects: {
      cheered: ({ self }) => {
        self.mood = self.mood === 'merry' ? 'calm' : 'merry';
        self.purse = (self.purse + 1) % 1_000_000;
      },
    },
    systems: [
      system<YardDefinition>({ every: 40, kind: 'stroller' }, ({ self, random }) => {
        self.act('walk', { towards: random.float() * FULL_TURN, pace: 'walk' });
      }),
      // Never quite where their velocity has them: what receivers believe is off by less than the tolerance.
      system<YardDefinition>({ every: 2, kind: 'stroller' }, ({ self, random }) => {
        self.push(random.between(-0.01, 0.01), random.between(-0.01, 0.01));
      }),
      separate<YardDefinition>({ radiusM: 0.3, strength: 0.5, every: 10 }),
    ],
  });
