import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isGuide } from '../documents.ts';
import type { Check, Finding } from '../finding.ts';
import { proseLines } from '../markdown.ts';
import type { RepoFiles } from '../repo-files.ts';

/** Every guide says who owns it, which version it is, from when, and whether it holds; every link leads somewhere. */
export const documents: Check = { name: 'documents', run: examineDocuments };

const mustExist = ['README.md', 'CONTRIBUTING.md', 'docs/STYLE.md', 'docs/DEPENDENCIES.md'];
const statuses = new Set(['draft', 'current', 'superseded']);
const headFields = ['Owner', 'Version', 'Date', 'Status'] as const;

function examineDocuments(repo: RepoFiles): Finding[] {
  const findings: Finding[] = [];
  for (const path of mustExist) if (!repo.has(path)) findings.push({ where: path, what: 'is missing' });
  for (const path of repo.paths) {
    if (!path.endsWith('.md')) continue;
    const text = repo.text(path) ?? '';
    if (isGuide(path)) findings.push(...examineHead(path, text));
    findings.push(...examineLinks(repo, path, text));
  }
  return findings;
}

/** `Owner: sync · Version: 1.2 · Date: 2026-11-20 · Status: current`, in the first lines, below the title. */
function examineHead(path: string, text: string): Finding[] {
  const lines = text.split('\n').slice(0, 6);
  const index = lines.findIndex((line) => /^Owner: /.test(line));
  const form = headFields.map((field) => `${field}: ...`).join(' · ');
  if (index < 0) return [{ where: path, what: `has no head line below its title: ${form}` }];
  const parts = (lines[index] as string).trim().split(' · ');
  const values = headFields.map((field, at) => {
    const [name, ...value] = (parts[at] ?? '').split(': ');
    return name === field ? value.join(': ').trim() : '';
  });
  const [owner, version, date, status] = values as [string, string, string, string];
  const wrong: string[] = [];
  if (parts.length !== headFields.length || owner === '') wrong.push(`write its head line as ${form}`);
  else {
    if (!/^\d+\.\d+(\.\d+)?$/.test(version)) wrong.push(`Version '${version}' is not of the form 1.0`);
    if (!isDate(date)) wrong.push(`Date '${date}' is no date of the form 2026-11-20`);
    if (!statuses.has(status)) wrong.push(`Status '${status}' is none of ${[...statuses].join(', ')}`);
  }
  return wrong.map((what) => ({ where: `${path}:${index + 1}`, what }));
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function examineLinks(repo: RepoFiles, path: string, text: string): Finding[] {
  const findings: Finding[] = [];
  for (const [index, line] of proseLines(text).entries()) {
    const inline = [...line.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)];
    const referenced = [...line.matchAll(/^ {0,3}\[[^\]]+\]:\s*(\S+)/g)];
    const embedded = [...line.matchAll(/\b(?:src|href)="([^"]+)"/g)];
    for (const [, link] of [...inline, ...referenced, ...embedded]) {
      const what = objectionToLink(repo, path, link as string);
      if (what !== null) findings.push({ where: `${path}:${index + 1}`, what });
    }
  }
  return findings;
}

function objectionToLink(repo: RepoFiles, path: string, link: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return null;
  const [file, anchor] = decodeURI(link).split('#') as [string, string | undefined];
  const target = file === '' ? path : posix.join(file.startsWith('/') ? '' : posix.dirname(path), file);
  // Measured results and folders are not among the files read, and may still be linked to.
  if (target.startsWith('..') || !existsSync(join(repo.root, target))) return `the link to ${link} leads nowhere`;
  const text = repo.text(target);
  if (!anchor || text === undefined || !target.endsWith('.md')) return null;
  return anchorsOf(text).has(anchor) ? null : `${target} has no heading #${anchor}`;
}

/** Headings as the usual renderers name them: lower case, words joined by `-`, a number after a repeated one. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id as string));
  for (const line of headingLines(text)) {
    const plain = line
      .replace(/[`*_]|\]\([^)]*\)|\[/g, '')
      .trim()
      .toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-');
    let unique = slug;
    for (let i = 1; anchors.has(unique); i++) unique = `${slug}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}

function headingLines(text: string): string[] {
  let fenced = false;
  return text.split('\n').flatMap((line) => {
    if (/^ {0,3}(```|~~~)/.test(line)) fenced = !fenced;
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line);
    return heading && !fenced ? [heading[1] as string] : [];
  });
}
