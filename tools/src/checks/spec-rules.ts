import { posix } from 'node:path';
import type { Check, Finding } from '../finding.ts';
import type { RepoFiles } from '../repo-files.ts';
import { sourceModules } from '../source-module.ts';
import { testTitles } from '../tier-titles.ts';

/**
 * A SPEC.md numbers its rules: a line, list item or table row that begins with `[PR12]` states that rule. Every rule is
 * carried by the title of a test, and every number in a title or a SPEC is a rule.
 */
export const specRules: Check = { name: 'spec-rules', run: compareRulesWithTests };

const statement = /^\s*(?:[-*+]\s+|\d+\.\s+|#+\s+|\|\s*)?[*_`]*\[([A-Z]{2,}\d+)\]/;
const mention = /\[([A-Z]{2,}\d+)\]/g;

function compareRulesWithTests(repo: RepoFiles): Finding[] {
  const rules = new Map<string, string>();
  const mentions: { rule: string; where: string }[] = [];
  const findings: Finding[] = [];
  for (const path of repo.paths) {
    if (posix.basename(path) !== 'SPEC.md') continue;
    const lines = (repo.text(path) ?? '').split('\n');
    for (const [index, line] of lines.entries()) {
      const where = `${path}:${index + 1}`;
      const rule = statement.exec(line)?.[1];
      if (rule !== undefined && rules.has(rule)) {
        findings.push({ where, what: `[${rule}] is already stated at ${rules.get(rule)}` });
      } else if (rule !== undefined) rules.set(rule, where);
      for (const [, mentioned] of line.matchAll(mention)) mentions.push({ rule: mentioned as string, where });
    }
  }
  const carried = new Set<string>();
  for (const module of sourceModules(repo).values()) {
    for (const { title, line } of testTitles(module)) {
      for (const [, rule] of title.matchAll(mention)) {
        carried.add(rule as string);
        mentions.push({ rule: rule as string, where: `${module.path}:${line}` });
      }
    }
  }
  for (const { rule, where } of mentions) {
    if (!rules.has(rule)) findings.push({ where, what: `[${rule}] is stated in no SPEC.md` });
  }
  for (const [rule, where] of rules) {
    if (!carried.has(rule)) findings.push({ where, what: `no test carries [${rule}] in its title` });
  }
  return findings;
}
