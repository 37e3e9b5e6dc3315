import { expect, it } from 'vitest';
import { FRAMES, frameOf } from '../draw/figure.ts';
import type { Person } from '../link.ts';
import { Avatar } from './avatar.ts';

interface Given extends Person {
  position: { x: number; y: number };
  velocity: { x: number; y: number };
  facing: number;
  mood: 'calm' | 'merry' | 'tired';
}

function rig(): { avatar: Avatar; person: Given; run(frames: number): Set<number> } {
  const person: Given = { id: 7, position: { x: 0, y: 0 }, velocity: { x: 0, y: 0 }, facing: 0, mood: 'calm', cut: 0 };
  const avatar = new Avatar(person);
  let nowMs = 1_000;
  const run = (frames: number): Set<number> => {
    const shown = new Set<number>();
    for (let i = 0; i < frames; i++) {
      nowMs += 16;
      avatar.update(person, nowMs, 16, false);
      shown.add(avatar.frame);
    }
    return shown;
  };
  return { avatar, person, run };
}

const east = 2;
const south = 0;

it('stands still facing where the world says, until that changes', () => {
  const { avatar, person, run } = rig();
  expect(run(10)).toEqual(new Set([frameOf(0, east, FRAMES.idle)]));
  person.facing = -Math.PI / 2;
  run(2);
  expect(avatar.frame).toBe(frameOf(0, south, FRAMES.idle));
});

it('turns to where it goes, steps through all of a walk, and stays turned', () => {
  const { avatar, person, run } = rig();
  person.velocity = { x: -1.3, y: 0 };
  run(40);
  expect(avatar.mirrored).toBe(true);
  const steps = run(120);
  expect(steps).toEqual(new Set(Array.from({ length: FRAMES.walkCount }, (_, i) => frameOf(0, east, FRAMES.walk + i))));
  person.velocity = { x: 0, y: 0 };
  run(5);
  expect([avatar.frame, avatar.mirrored]).toEqual([frameOf(0, east, FRAMES.idle), true]);
});

it('waves for a while, not while walking', () => {
  const { avatar, person, run } = rig();
  run(1);
  avatar.wave(1_016);
  expect(run(60)).toEqual(new Set([0, 1].map((i) => frameOf(0, east, FRAMES.wave + i))));
  person.velocity = { x: 3, y: 0 };
  run(1);
  expect(avatar.frame).not.toBe(frameOf(0, east, FRAMES.wave));
  person.velocity = { x: 0, y: 0 };
  run(100);
  expect(avatar.frame).toBe(frameOf(0, east, FRAMES.idle));
});

it('shows a mood when it comes, not when one only comes into view with it', () => {
  const { avatar, person, run } = rig();
  run(1);
  expect(avatar.moodUntilMs).toBe(0);
  person.mood = 'merry';
  run(1);
  expect(avatar.moodUntilMs).toBeGreaterThan(1_000);
});

it('a world without looks gives everyone one of their own, the same each time', () => {
  const bare = (id: number): Avatar => new Avatar({ id, position: { x: 0, y: 0 }, velocity: { x: 0, y: 0 } });
  const looks = new Set(Array.from({ length: 50 }, (_, id) => `${bare(id).coat} ${bare(id).skin} ${bare(id).hair}`));
  expect(looks.size).toBeGreaterThan(25);
  expect(bare(3).coat).toBe(bare(3).coat);
});
