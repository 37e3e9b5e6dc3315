import { expect, it } from 'vitest';
import type { Truth } from '../peers/report.ts';
import { positionErrors } from './position-error.ts';

/** Subject 4 walks along x at 10 m/s; subject 8 stands. */
const truth: Truth = {
  subjects: Uint32Array.of(4, 8),
  atMs: Float64Array.of(1000, 1050, 1100),
  rows: [Float32Array.of(0, 0, 5, 5), Float32Array.of(0.5, 0, 5, 5), Float32Array.of(1, 0, 5, 5)],
};

function rows(...shown: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(shown.flat());
}

it('compares with the truth at the moment shown, not at the time of showing', () => {
  const shown = rows(
    [150, 4, 0.25, 0, 1025, 1175],
    [150, 4, 0.75, 0.3, 1075, 1225],
    [50, 4, 9, 9, 1075, 1125],
    [150, 8, 5, 4, 1100, 1250],
  );
  const { errorsM, viewDelaysMs } = positionErrors(truth, shown, 150);
  expect(errorsM[0]).toBeCloseTo(0, 6);
  expect(errorsM[1]).toBeCloseTo(0.3, 6);
  expect(errorsM[2]).toBeCloseTo(1, 6);
  expect([...viewDelaysMs]).toEqual([150, 150, 150]);
});

it('leaves out moments and subjects that the truth does not know', () => {
  const shown = rows([150, 4, 0, 0, 990, 1140], [150, 4, 0, 0, 1101, 1250], [150, 5, 0, 0, 1025, 1175]);
  expect(positionErrors(truth, shown, 150).errorsM).toHaveLength(0);
});
