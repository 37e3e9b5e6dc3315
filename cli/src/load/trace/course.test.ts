import { expect, it } from 'vitest';
import { Course, timeOf } from './course.ts';
import { parseTrace, type TraceTrack } from './parse-trace.ts';

function courses(...lines: string[]) {
  const trace = parseTrace(['t_s,id,x_m,y_m', ...lines].join('\n'));
  const time = timeOf(trace);
  const course = (id: string): Course => {
    const track = trace.tracks.find((candidate) => candidate.id === id) as TraceTrack;
    return new Course(track, time);
  };
  const at = (id: string, runS: number): readonly [number, number] | null => {
    const out = { x: 0, y: 0 };
    return course(id).at(runS, out) ? [out.x, out.y] : null;
  };
  return { time, at };
}

it('goes straight from line to line, whatever their rate, beginning with the first', () => {
  const { at, time } = courses('100,a,0,0', '101,a,10,0', '103,a,10,20', '103.5,a,10,20');
  expect(time.startS).toBe(100);
  expect([0, 0.25, 1, 2, 3.25].map((runS) => at('a', runS))).toEqual([
    [0, 0],
    [2.5, 0],
    [10, 0],
    [10, 10],
    [10, 20],
  ]);
});

it('is away before the first line of an id, and a step after the last', () => {
  const { at } = courses('0,a,0,0', '1,a,0,0', '2,a,0,0', '3,a,0,0', '4,a,0,0', '1,b,5,5', '2,b,6,6');
  expect([0, 0.9, 1, 2, 2.9, 3.1, 4].map((runS) => at('b', runS))).toEqual([
    null,
    null,
    [5, 5],
    [6, 6],
    [6, 6],
    null,
    null,
  ]);
});

it('bridges a gap of some seconds, and is away during a longer one', () => {
  const steps = [0, 1, 2, 3, 4, 5].map((t) => `${t},b,0,0`);
  const { at } = courses('0,a,0,0', '1,a,1,0', '9,a,9,0', '10,a,10,0', '40,a,40,0', '41,a,41,0', ...steps);
  expect(at('a', 5)).toEqual([5, 0]);
  expect([10.5, 12, 39, 40.5].map((runS) => at('a', runS))).toEqual([[10, 0], null, null, [40.5, 0]]);
});

it('calls no pause an absence that is usual in the trace', () => {
  const { at } = courses('0,a,0,0', '60,a,60,0', '120,a,120,0', '240,a,240,0');
  expect(at('a', 30)).toEqual([30, 0]);
  expect(at('a', 180)).toEqual([180, 0]);
});

it('begins again when it is over', () => {
  const { at, time } = courses('0,a,0,0', '1,a,1,0', '2,a,2,0');
  expect(time.loopS).toBe(3);
  expect([3, 4.5, 300.5].map((runS) => at('a', runS))).toEqual([
    [0, 0],
    [1.5, 0],
    [0.5, 0],
  ]);
});

it('stands where a trace of one moment says', () => {
  const { at } = courses('7,a,1,2', '7,b,3,4');
  expect([at('a', 0), at('a', 0.5), at('b', 123.4)]).toEqual([
    [1, 2],
    [1, 2],
    [3, 4],
  ]);
});
