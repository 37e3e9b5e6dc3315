import { expect, it } from 'vitest';
import { countTests } from './tier-counts.ts';

const file = (name: string, ...statuses: string[]) => ({
  name,
  assertionResults: statuses.map((status) => ({ status })),
});

it('counts by tier', () => {
  const testResults = [
    file('/a/x.test.ts', 'passed', 'passed'),
    file('/a/y.browser.test.ts', 'failed'),
    file('/a/z.test.ts', 'passed'),
  ];
  expect(countTests({ numTotalTests: 4, numPassedTests: 3, numFailedTests: 1, testResults })).toEqual({
    summary: '3 tests passed, 1 failed in 3 files (pure 3, browser 1)',
    objection: null,
  });
});

it('objects to a test that did not run', () => {
  const testResults = [file('x.test.ts', 'passed', 'skipped')];
  expect(countTests({ numTotalTests: 2, numPassedTests: 1, numFailedTests: 0, testResults }).objection).toBe(
    '1 of 2 tests did not run: nothing is skipped here',
  );
});

it('objects to an empty run', () => {
  const report = { numTotalTests: 0, numPassedTests: 0, numFailedTests: 0, testResults: [] };
  expect(countTests(report).objection).toBe('no tests were found');
});
