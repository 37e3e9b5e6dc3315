import type { Check, Finding } from '../finding.ts';
import { functionSizes } from '../function-sizes.ts';
import { earlierVersions } from '../git-history.ts';
import type { RepoFiles } from '../repo-files.ts';
import { sourceModules } from '../source-module.ts';

/**
 * Past 500 lines a file, past 70 a function, ask what two things it is. What is longer stands in the ratchet with its
 * length, and that number only goes down: it must be the present length, and no more than it ever was.
 */
export const sizes: Check = { name: 'sizes', run: findGiants };

const ratchetPath = 'tools/size-ratchet.json';
const fileLinesMax = 500;
const functionLinesMax = 70;

/** `path` or `path#function` to its lines. */
type Ratchet = Readonly<Record<string, number>>;

function findGiants(repo: RepoFiles): Finding[] {
  const text = repo.text(ratchetPath);
  if (text === undefined) return [{ where: ratchetPath, what: 'is missing: {} when nothing is too long' }];
  const ratchet = JSON.parse(text) as Ratchet;
  const giants = measure(repo);
  const findings: Finding[] = [];
  for (const [key, { lines, max, where }] of giants) {
    const listed = ratchet[key];
    if (listed === undefined) findings.push({ where, what: `${key} has ${lines} lines, the limit is ${max}` });
    else if (lines > listed) findings.push({ where, what: `${key} grew from ${listed} to ${lines} lines` });
    else if (lines < listed) findings.push({ where: ratchetPath, what: `write ${lines} for ${key}: it shrank` });
  }
  for (const key of Object.keys(ratchet)) {
    if (!giants.has(key)) findings.push({ where: ratchetPath, what: `take ${key} out: it is short enough, or gone` });
  }
  return [...findings, ...findRaised(repo, ratchet)];
}

function measure(repo: RepoFiles): Map<string, { lines: number; max: number; where: string }> {
  const giants = new Map<string, { lines: number; max: number; where: string }>();
  for (const module of sourceModules(repo).values()) {
    const lines = module.text.split('\n').length - (module.text.endsWith('\n') ? 1 : 0);
    if (lines > fileLinesMax) giants.set(module.path, { lines, max: fileLinesMax, where: module.path });
    for (const { name, line, lines } of functionSizes(module)) {
      if (lines <= functionLinesMax) continue;
      const key = `${module.path}#${name}`;
      const before = giants.get(key);
      if (!before || before.lines < lines)
        giants.set(key, { lines, max: functionLinesMax, where: `${module.path}:${line}` });
    }
  }
  return giants;
}

function findRaised(repo: RepoFiles, ratchet: Ratchet): Finding[] {
  const least = new Map<string, number>();
  for (const version of earlierVersions(repo, ratchetPath)) {
    for (const [key, lines] of Object.entries(JSON.parse(version) as Ratchet)) {
      least.set(key, Math.min(lines, least.get(key) ?? lines));
    }
  }
  return Object.entries(ratchet).flatMap(([key, lines]) => {
    const before = least.get(key);
    if (before === undefined || lines <= before) return [];
    return [{ where: ratchetPath, what: `${key} was ${before} once and is ${lines} now: the number only goes down` }];
  });
}
