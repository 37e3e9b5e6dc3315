import { expect, it } from 'vitest';
import { Camera, ZOOM } from './camera.ts';

function camera(calm = false): Camera {
  const it = new Camera(30, () => calm);
  it.resize(1_200, 800);
  return it;
}

it('a point of the screen and of the world are each other’s', () => {
  const it = camera();
  it.jump(12, 34);
  expect(it.worldX(it.screenX(3.5))).toBeCloseTo(3.5);
  expect(it.worldY(it.screenY(-7))).toBeCloseTo(-7);
  expect([it.screenX(12), it.screenY(34)]).toEqual([600, 400]);
  expect(it.screenY(35)).toBe(370);
});

it('follows as far in one long frame as in many short ones', () => {
  const [one, many] = [camera(), camera()];
  one.follow(10, 0, 96);
  for (let i = 0; i < 12; i++) many.follow(10, 0, 8);
  expect(many.x).toBeCloseTo(one.x, 6);
  expect(one.x).toBeGreaterThan(3);
  expect(one.x).toBeLessThan(10);
});

it('cuts to what is far away, and for who wants calm to everything', () => {
  const far = camera();
  far.follow(100, 50, 16);
  expect([far.x, far.y]).toEqual([100, 50]);
  const calm = camera(true);
  calm.zoomBy(1.2);
  calm.follow(3, 2, 16);
  expect([calm.x, calm.y, calm.zoom]).toEqual([3, 2, 36]);
});

it('does not show what lies beyond the extent, unless the screen is larger than it', () => {
  const it = camera();
  it.look(0, 0);
  it.keepInside({ x: -5, y: -5, w: 200, h: 200 });
  expect([it.x, it.y]).toEqual([15, -5 + 400 / 30]);
  it.keepInside({ x: 0, y: 0, w: 10, h: 10 });
  expect([it.x, it.y]).toEqual([5, 5]);
});

it('zooms only so far', () => {
  const it = camera(true);
  it.zoomBy(100);
  it.settle(16);
  expect(it.zoom).toBe(ZOOM.most);
  it.zoomBy(1e-6);
  it.settle(16);
  expect(it.zoom).toBe(ZOOM.least);
});
