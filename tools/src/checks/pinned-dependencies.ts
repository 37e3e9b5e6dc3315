import type { Check, Finding } from '../finding.ts';
import { markdownRows } from '../markdown.ts';
import type { RepoFiles } from '../repo-files.ts';
import { type Manifest, workspacesOf } from '../workspace.ts';

/** Every direct dependency is pinned to one version, the same everywhere, and justified in one line. */
export const pinnedDependencies: Check = { name: 'pinned-dependencies', run: findLooseDependencies };

const page = 'docs/DEPENDENCIES.md';
const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

function findLooseDependencies(repo: RepoFiles): Finding[] {
  const { root, all } = workspacesOf(repo);
  const own = new Set(all.map(({ name }) => name));
  const versions = new Map<string, { version: string; where: string }>();
  const findings: Finding[] = [];
  for (const { manifest, manifestPath } of [root, ...all]) {
    for (const [name, version] of directDependencies(manifest)) {
      if (!exact.test(version))
        findings.push({ where: manifestPath, what: `${name} is '${version}': pin one version` });
      const before = versions.get(name);
      if (before && before.version !== version) {
        findings.push({
          where: manifestPath,
          what: `${name} is ${version} here and ${before.version} in ${before.where}`,
        });
      }
      if (!own.has(name) && !before) versions.set(name, { version, where: manifestPath });
    }
  }
  return [...findings, ...compareWithPage(repo, versions)];
}

function directDependencies(manifest: Manifest): [string, string][] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return [dependencies, devDependencies, optionalDependencies, peerDependencies].flatMap((some) =>
    Object.entries(some ?? {}),
  );
}

function compareWithPage(repo: RepoFiles, versions: ReadonlyMap<string, { where: string }>): Finding[] {
  const text = repo.text(page);
  if (text === undefined) return [{ where: page, what: 'is missing: it justifies every direct dependency' }];
  const findings: Finding[] = [];
  const listed = new Set<string>();
  for (const { line, cells } of markdownRows(text)) {
    const name = /^`([^`]+)`$/.exec(cells[0] ?? '')?.[1];
    if (name === undefined) continue;
    const where = `${page}:${line}`;
    if (listed.has(name)) findings.push({ where, what: `${name} is listed twice` });
    listed.add(name);
    if (!versions.has(name)) findings.push({ where, what: `${name} is no direct dependency any more` });
    if ((cells.at(-1) ?? '').split(' ').length < 4) findings.push({ where, what: `say why ${name} is needed` });
  }
  for (const [name, { where }] of versions) {
    if (!listed.has(name)) findings.push({ where, what: `${name} is not justified in ${page}` });
  }
  return findings;
}
