import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type CommandResult, runBounded } from '../bounded-command.ts';
import { guides } from '../documents.ts';
import type { Check, Finding } from '../finding.ts';
import { type FencedBlock, fencedBlocks } from '../markdown.ts';
import type { RepoFiles } from '../repo-files.ts';

/**
 * Code in a guide that is marked ```ts run is type-checked and run: it must end well, and print what the ```output
 * block below it says. A first line `// meadow/server.ts` names the file, so that blocks of one guide import one another.
 */
export const snippets: Check = { name: 'snippets', run: runSnippets };

const runMsMax = 60_000;

interface Snippet {
  readonly where: string;
  readonly folder: string;
  readonly file: string;
  readonly text: string;
  readonly output: string | undefined;
}

async function runSnippets(repo: RepoFiles): Promise<Finding[]> {
  const found = guides(repo).flatMap(({ path, text }) => snippetsOf(path, text));
  if (found.length === 0) return [];
  // Inside the repository, so that packages are found by name; not beneath node_modules, where Node runs no TypeScript.
  mkdirSync(join(repo.root, 'test-output'), { recursive: true });
  const room = mkdtempSync(join(repo.root, 'test-output/snippets-'));
  try {
    for (const { folder, file, text } of found) {
      mkdirSync(dirname(join(room, folder, file)), { recursive: true });
      writeFileSync(join(room, folder, file), text);
    }
    const typeFindings = await checkTypes(repo, room, found);
    const findings = await Promise.all(found.map((snippet) => runSnippet(room, snippet)));
    return [...typeFindings, ...findings.flat()];
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

function snippetsOf(path: string, text: string): Snippet[] {
  const blocks = fencedBlocks(text);
  const lines = text.split('\n');
  return blocks.flatMap((block, index) => {
    if (block.info[0] !== 'ts' || !block.info.includes('run')) return [];
    const named = /^\/\/ ([\w./-]+\.ts)\b/.exec(block.text)?.[1];
    const output = outputBelow(block, blocks[index + 1], lines);
    const folder = path.replace(/\W+/g, '-');
    return [
      { where: `${path}:${block.line}`, folder, file: named ?? `line-${block.line}.ts`, text: block.text, output },
    ];
  });
}

function outputBelow(block: FencedBlock, next: FencedBlock | undefined, lines: readonly string[]): string | undefined {
  if (next?.info[0] !== 'output') return undefined;
  return lines.slice(block.endLine - 1, next.line - 1).every((line) => line.trim() === '') ? next.text : undefined;
}

async function runSnippet(room: string, { where, folder, file, output }: Snippet): Promise<Finding[]> {
  const run = await runNode([join(room, folder, file)], join(room, folder));
  if (run.code !== 0) {
    const why = run.timedOut ? `did not end within ${runMsMax / 1000} s` : `ended with exit code ${run.code}`;
    return [{ where, what: `${why}: ${lastLines(run.stderr || run.stdout, room)}` }];
  }
  if (output === undefined || output.trimEnd() === run.stdout.trimEnd()) return [];
  return [{ where, what: `printed '${run.stdout.trimEnd()}', the document says '${output.trimEnd()}'` }];
}

async function checkTypes(repo: RepoFiles, room: string, found: readonly Snippet[]): Promise<Finding[]> {
  const config = {
    ...(repo.has('tsconfig.json') ? { extends: '../../tsconfig.json' } : {}),
    compilerOptions: { noEmit: true, noUnusedLocals: false, allowImportingTsExtensions: true },
    include: ['**/*.ts'],
  };
  writeFileSync(join(room, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { code, stdout, stderr } = await runNode([tsc, '--pretty', 'false', '-p', room], room);
  if (code === 0) return [];
  const findings = found.flatMap(({ where, folder, file }) => {
    const errors = stdout.split('\n').flatMap((line) => {
      const [, name, lineNumber, message] = /^(.*?)\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
      return name === `${folder}/${file}` ? [`type error in its line ${lineNumber}: ${message}`] : [];
    });
    return errors.map((what) => ({ where, what }));
  });
  return findings.length > 0 ? findings : [{ where: 'tsconfig.json', what: lastLines(stdout + stderr, room) }];
}

function runNode(args: readonly string[], cwd: string): Promise<CommandResult> {
  return runBounded({ command: process.execPath, args, cwd, msMax: runMsMax, output: 'collect' });
}

function lastLines(text: string, room: string): string {
  const lines = text
    .replaceAll(room, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^Node\.js v/.test(line));
  const error = lines.find((line) => /^\S*Error\b.*:/.test(line));
  return error ?? lines.slice(-3).join(' | ');
}
