/** The part of the test runner's JSON report that is read here. */
export interface TestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** How many tests ran, by tier; an objection where one did not run or none was found. */
export function countTests(report: TestReport): { summary: string; objection: string | null } {
  const { numTotalTests, numPassedTests, numFailedTests, testResults } = report;
  const tiers = new Map<string, number>();
  for (const { name, assertionResults } of testResults) {
    const tier = /\.(\w+)\.test\.ts$/.exec(name)?.[1] ?? 'pure';
    tiers.set(tier, (tiers.get(tier) ?? 0) + assertionResults.length);
  }
  const byTier = [...tiers].map(([tier, count]) => `${tier} ${count}`).join(', ');
  const failed = numFailedTests > 0 ? `, ${numFailedTests} failed` : '';
  const summary = `${numPassedTests} tests passed${failed} in ${testResults.length} files (${byTier})`;
  const left = numTotalTests - numPassedTests - numFailedTests;
  if (numTotalTests === 0) return { summary, objection: 'no tests were found' };
  return {
    summary,
    objection: left > 0 ? `${left} of ${numTotalTests} tests did not run: nothing is skipped here` : null,
  };
}
