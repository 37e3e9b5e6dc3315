import { choice, defineWorld, heading, plain, vec2, type World, walker } from '@lifeverse/definition';
import { expect, it } from 'vitest';
import { OwnAvatar } from './own-avatar.ts';

const lawn = defineWorld({
  name: 'lawn',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 40_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, walk: 2 } }),
    },
  },
});

it('[SY23] an input that was refused for a tick to come leaves nothing behind, though the answer is of a tick before it', () => {
  const avatar = new OwnAvatar(lawn as unknown as World, 10, 50_000, 50_000);
  avatar.command(1, 15, { towards: 0, pace: 'walk' });
  avatar.advance(20);
  avatar.refused(1);
  avatar.reconcile(12, 0, 50_000, 50_000);
  avatar.advance(30);
  const shown = { x: 0, y: 0, vx: 0, vy: 0 };
  avatar.show(0, 1_000, shown);
  expect(shown).toEqual({ x: 50_000, y: 50_000, vx: 0, vy: 0 });
});
