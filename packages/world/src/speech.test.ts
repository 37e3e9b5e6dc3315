import { cellKey } from '@lifeverse/sync/common';
import { describe, expect, it } from 'vitest';
import { SPAWN, TestZone, type Voice } from './test-zone.ts';

interface Scene {
  readonly zone: TestZone;
  readonly voice: Voice;
}

/** Ann may not speak until tick 20; Bob stands beside her. */
function mutedAnn(): Scene {
  const zone = new TestZone({
    commands: { say: ({ self, input }) => self.emit('speech', { text: input.text }) },
  });
  const voice = zone.voice();
  voice.say({ op: 'interest', version: 1, base: 0, add: [{ slot: 0, cell: cellKey(3, 3), audience: 0 }], drop: [] });
  voice.attach(1, 'ann', 1, 1_000);
  voice.join(2, 'bob');
  zone.run(9);
  return { zone, voice };
}

const heard = ({ voice }: Scene): number => voice.bundles.reduce((sum, { events }) => sum + events.length, 0);

function say({ zone, voice }: Scene, sequence: number, session = 1): void {
  voice.input(session, sequence, zone.tick + 1, ['say', { text: 'oi' }]);
  zone.run();
}

describe('[WO41] who is muted', () => {
  it('is not heard and is told so, and does all else', () => {
    const scene = mutedAnn();
    scene.voice.input(1, 1, 11, ['say', { text: 'oi' }], ['walk', { towards: 0, pace: 'run' }]);
    scene.zone.run(3);
    expect([heard(scene), scene.voice.refusals(1)]).toEqual([0, [[1, 'muted']]]);
    expect(scene.zone.at(scene.voice.records(1)[0]?.attached?.entity as number)?.x).toBeGreaterThan(SPAWN.x);
    say(scene, 1, 2);
    expect(heard(scene)).toBe(1);
  });

  it('is heard again from the tick on at which that ends', () => {
    const scene = mutedAnn();
    scene.zone.run(8);
    say(scene, 1);
    expect([scene.zone.tick, heard(scene)]).toEqual([19, 0]);
    say(scene, 2);
    expect([scene.zone.tick, heard(scene)]).toEqual([20, 1]);
  });

  it('is what was said last, of whoever stands there already', () => {
    const scene = mutedAnn();
    scene.voice.attach(1, 'ann', 1, 0);
    say(scene, 1);
    expect(heard(scene)).toBe(1);
    scene.voice.attach(1, 'ann', 1, 60_000);
    say(scene, 2);
    expect([heard(scene), scene.voice.refusals(1)]).toEqual([1, [[2, 'muted']]]);
    scene.voice.attach(3, 'ann', 2, 0);
    say(scene, 1, 3);
    expect(heard(scene)).toBe(2);
  });
});
