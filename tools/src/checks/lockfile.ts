import type { Check, Finding } from '../finding.ts';
import type { RepoFiles } from '../repo-files.ts';
import { type Manifest, workspacesOf } from '../workspace.ts';

/**
 * The lock names no download host, agrees with every manifest (or `npm ci` would refuse), and every install script in
 * it has been decided on in `allowScripts`.
 */
export const lockfile: Check = { name: 'lockfile', run: examineLock };

const path = 'package-lock.json';

interface LockEntry extends Manifest {
  readonly resolved?: string;
  readonly version?: string;
  readonly hasInstallScript?: boolean;
}

function examineLock(repo: RepoFiles): Finding[] {
  const text = repo.text(path);
  if (text === undefined) return [{ where: path, what: 'is missing' }];
  const entries = (JSON.parse(text) as { packages?: Record<string, LockEntry> }).packages ?? {};
  const { root, all } = workspacesOf(repo);
  // npm writes a decision for one version as `name@version`.
  const decided = new Set(Object.keys(root.manifest.allowScripts ?? {}).map((key) => key.replace(/(?<=.)@[^/]*$/, '')));
  const findings: Finding[] = [];
  for (const [key, entry] of Object.entries(entries)) {
    if (/^[a-z+]+:/.test(entry.resolved ?? '')) {
      findings.push({ where: path, what: `${key} carries a download address: set omit-lockfile-registry-resolved` });
    }
    const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (entry.hasInstallScript && !decided.has(name)) {
      findings.push({ where: root.manifestPath, what: `allowScripts says neither yes nor no to ${name}` });
    }
  }
  for (const { folder, manifest, manifestPath } of [root, ...all]) {
    if (!agrees(entries[folder], manifest)) {
      findings.push({ where: path, what: `does not agree with ${manifestPath}: run npm install` });
    }
  }
  for (const name of decided) {
    if (
      !Object.entries(entries).some(([key, entry]) => entry.hasInstallScript && key.endsWith(`node_modules/${name}`))
    ) {
      findings.push({ where: root.manifestPath, what: `allowScripts names ${name}, which has no install script` });
    }
  }
  return findings;
}

function agrees(entry: LockEntry | undefined, manifest: Manifest): boolean {
  if (!entry) return false;
  return (['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const).every(
    (kind) => canonical(entry[kind]) === canonical(manifest[kind]),
  );
}

function canonical(record: Readonly<Record<string, string>> | undefined): string {
  return JSON.stringify(Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
