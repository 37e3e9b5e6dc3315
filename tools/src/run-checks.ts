import { resolve } from 'node:path';
import { type CheckResult, reportLines, runChecks } from './check-run.ts';
import { checks } from './checks/index.ts';
import { readRepoFiles } from './repo-files.ts';

const root = resolve(import.meta.dirname, '../..');
const results: CheckResult[] = await runChecks(checks, readRepoFiles(root));
for (const line of reportLines(results)) console.log(line);
process.exitCode = results.some(({ findings }) => findings.length > 0) ? 1 : 0;
