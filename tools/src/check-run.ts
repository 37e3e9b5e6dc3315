import type { Check, Finding } from './finding.ts';
import type { RepoFiles } from './repo-files.ts';

export interface CheckResult {
  readonly name: string;
  readonly findings: readonly Finding[];
  /** Wall time; checks that wait for a child process overlap with others. */
  readonly ms: number;
}

/** Runs all checks. One that throws has found something too: that it cannot judge. */
export function runChecks(checks: readonly Check[], repo: RepoFiles): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async ({ name, run }) => {
      const startMs = performance.now();
      let findings: readonly Finding[];
      try {
        findings = await run(repo);
      } catch (error) {
        findings = [
          { where: name, what: `the check failed: ${error instanceof Error ? error.message : String(error)}` },
        ];
      }
      return { name, findings, ms: performance.now() - startMs };
    }),
  );
}

/** One line a check, its findings indented below it. */
export function reportLines(results: readonly CheckResult[]): string[] {
  return results.flatMap(({ name, findings, ms }) => {
    const verdict = findings.length === 0 ? 'ok' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
    const head = `${name.padEnd(24)}${verdict.padEnd(14)}${(ms / 1000).toFixed(1)} s`;
    return [head, ...findings.map(({ where, what }) => `  ${where}  ${what}`)];
  });
}
