import { describe, expect, it } from 'vitest';
import type { Pace, Person } from '../link.ts';
import { Steering } from './steering.ts';

function rig() {
  const told: [number, Pace][] = [];
  const position = { x: 0, y: 0 };
  const me: Person = { id: 1, position, velocity: { x: 0, y: 0 } };
  const steering = new Steering();
  let connected = true;
  const link = {
    me,
    walk: (towards: number, pace: Pace) => {
      if (connected) told.push([Math.round(towards * 100) / 100, pace]);
      return connected;
    },
  };
  return {
    steering,
    told,
    position,
    connect: (yes: boolean) => {
      connected = yes;
    },
    update: (nowMs: number) => steering.update(link, nowMs),
  };
}

describe('steering', () => {
  it('tells a change once, and the end of it', () => {
    const { steering, told, update } = rig();
    for (let ms = 0; ms < 200; ms += 16) update(ms);
    expect(told).toEqual([]);
    steering.keys = { x: 0, y: 1 };
    for (let ms = 200; ms < 400; ms += 16) update(ms);
    steering.keys = { x: 0, y: 0 };
    for (let ms = 400; ms < 600; ms += 16) update(ms);
    expect(told).toEqual([
      [1.57, 'run'],
      [1.57, 'stand'],
    ]);
  });

  it('walks with shift, and goes diagonally with two keys', () => {
    const { steering, told, update } = rig();
    steering.keys = { x: 1, y: 1 };
    update(0);
    steering.slowly = true;
    update(16);
    expect(told).toEqual([
      [0.79, 'run'],
      [0.79, 'walk'],
    ]);
  });

  it('tells of turning at most twenty times a second, of stopping at once', () => {
    const { steering, told, update } = rig();
    for (let i = 0; i < 60; i++) {
      steering.stick = { x: Math.cos(i / 5), y: Math.sin(i / 5) };
      update(i * 10);
    }
    expect(told.length).toBeLessThanOrEqual(13);
    steering.stick = null;
    update(601);
    expect(told.at(-1)?.[1]).toBe('stand');
  });

  it('pushed a little, the stick walks; hardly at all, it stands', () => {
    const { steering } = rig();
    const wish = (x: number) => {
      steering.stick = { x, y: 0 };
      return steering.wish({ x: 0, y: 0 }, 0)?.pace ?? 'stand';
    };
    expect([wish(0.1), wish(0.4), wish(1)]).toEqual(['stand', 'walk', 'run']);
  });

  it('goes to a goal, slower at its end, and stops there', () => {
    const { steering, told, position, update } = rig();
    steering.follow([{ x: 10, y: 0 }], 0);
    update(0);
    position.x = 8.5;
    update(100);
    position.x = 9.9;
    update(200);
    update(300);
    expect(told.map(([, pace]) => pace)).toEqual(['run', 'walk', 'stand']);
  });

  it('gives up a goal that something is in the way of', () => {
    const { steering, told, update } = rig();
    steering.follow([{ x: 10, y: 0 }], 0);
    for (let ms = 0; ms <= 2_000; ms += 50) update(ms);
    expect(told.map(([, pace]) => pace)).toEqual(['run', 'stand']);
  });

  it('keys take over from a goal for good', () => {
    const { steering, told, update } = rig();
    steering.follow([{ x: 10, y: 0 }], 0);
    update(0);
    steering.keys = { x: -1, y: 0 };
    update(100);
    steering.keys = { x: 0, y: 0 };
    update(200);
    update(300);
    expect(told.map(([, pace]) => pace)).toEqual(['run', 'run', 'stand']);
  });

  it('says it again after it was not heard, or when the server may have forgotten', () => {
    const { steering, told, update, connect } = rig();
    connect(false);
    steering.keys = { x: 1, y: 0 };
    update(0);
    expect(told).toEqual([]);
    connect(true);
    update(16);
    steering.renew();
    update(32);
    expect(told).toEqual([
      [0, 'run'],
      [0, 'run'],
    ]);
  });
});
