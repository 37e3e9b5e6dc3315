import { expect, it } from 'vitest';
import { parseTrace } from './parse-trace.ts';

const trackOf = (text: string, id: string) => {
  const track = parseTrace(text).tracks.find((candidate) => candidate.id === id);
  return track === undefined ? null : [...track.tS].map((t, i) => [t, track.xM[i], track.yM[i]]);
};

it('reads who was where when, in any order', () => {
  const text = 't_s,id,x_m,y_m\n2,bo,5,6\n0.5,ann,1,2\n1.5,ann,-1e1,+.5\n1,bo,3,4\n';
  expect(parseTrace(text).tracks.map(({ id }) => id)).toEqual(['bo', 'ann']);
  expect(trackOf(text, 'ann')).toEqual([
    [0.5, 1, 2],
    [1.5, -10, 0.5],
  ]);
  expect(trackOf(text, 'bo')).toEqual([
    [1, 3, 4],
    [2, 5, 6],
  ]);
});

it('takes what tables and editors make of it: a mark in front, spaces, blank lines, any line end', () => {
  const text = '\uFEFFt_s, id, x_m, y_m\r\n 1 , ann , 2 , 3 \r\n\r\n2,ann,3,4\r1,ann,9,9\n';
  expect(trackOf(text, 'ann')).toEqual([
    [1, 9, 9],
    [2, 3, 4],
  ]);
});

it.each([
  ['', 'line 1: the header is t_s,id,x_m,y_m, not ""'],
  ['t,id,x,y\n1,a,2,3', 'line 1: the header is t_s,id,x_m,y_m, not "t,id,x,y"'],
  ['t_s,id,x_m,y_m\n', 'line 2: there is nothing behind the header'],
  ['t_s,id,x_m,y_m\n1,a,2', 'line 2: 3 fields instead of 4'],
  ['t_s,id,x_m,y_m\n1,a,2,3\n\n1,a,2,3,4', 'line 4: 5 fields instead of 4'],
  ['t_s,id,x_m,y_m\n1,,2,3', 'line 2: id is empty'],
  [`t_s,id,x_m,y_m\n1,${'a'.repeat(200)},2,3`, 'line 2: id is longer than 128 characters'],
  ['t_s,id,x_m,y_m\nnoon,a,2,3', 'line 2: t_s is no number: "noon"'],
  ['t_s,id,x_m,y_m\n1,a,,3', 'line 2: x_m is no number: ""'],
  ['t_s,id,x_m,y_m\n1,a,NaN,3', 'line 2: x_m is no number: "NaN"'],
  ['t_s,id,x_m,y_m\n1,a,2,Infinity', 'line 2: y_m is no number: "Infinity"'],
  ['t_s,id,x_m,y_m\n1,a,2,0x10', 'line 2: y_m is no number: "0x10"'],
  ['t_s,id,x_m,y_m\n1,a,2,1e10', 'line 2: y_m is beyond 1,000,000,000'],
  [`t_s,id,x_m,y_m\n1,a,2,${'9'.repeat(50)}x`, `line 2: y_m is no number: "${'9'.repeat(40)}..."`],
])('names the line of what is malformed: %j', (text, message) => {
  expect(() => parseTrace(text)).toThrow(expect.objectContaining({ name: 'TraceProblem', message }));
});
