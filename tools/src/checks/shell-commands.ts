import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { guides } from '../documents.ts';
import type { Check, Finding } from '../finding.ts';
import { fencedBlocks } from '../markdown.ts';
import { type ModuleGraph, moduleGraph } from '../module-graph.ts';
import type { RepoFiles } from '../repo-files.ts';
import { child, identifierName, stringValue, walk } from '../syntax.ts';

/** A command in a guide's block marked ```sh check exists, and so does every option it is given. */
export const shellCommands: Check = { name: 'shell-commands', run: findUnknownCommands };

const ownCommand = 'lifeverse';
const ordinary = new Set('cat cd curl echo export git kill mkdir openssl rm sleep'.split(' '));
const npmOwn = new Set(['ci', 'install', 'i']);

function findUnknownCommands(repo: RepoFiles): Finding[] {
  const graph = moduleGraph(repo);
  const findings: Finding[] = [];
  for (const { path, text } of guides(repo)) {
    for (const block of fencedBlocks(text)) {
      if (!/^(sh|bash|shell)$/.test(block.info[0] ?? '') || !block.info.includes('check')) continue;
      for (const command of commandsOf(block.text)) {
        const what = objection(graph, command);
        if (what !== null) findings.push({ where: `${path}:${block.line}`, what: `'${command.join(' ')}': ${what}` });
      }
    }
  }
  return findings;
}

/** Each simple command as its words: continued lines joined; prompts, comments, settings and `&` taken off. */
function commandsOf(text: string): string[][] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const commands = lines.flatMap((line) =>
    line
      .replace(/^\s*\$ /, '')
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\|\||[;|&]/),
  );
  return commands.flatMap((command) => {
    const words = command
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    while (/^[A-Z_]+=/.test(words[0] ?? '')) words.shift();
    return words.length > 0 ? [words] : [];
  });
}

function objection(graph: ModuleGraph, [program, ...words]: readonly string[]): string | null {
  const { repo } = graph;
  const [first = '', ...rest] = words;
  switch (program) {
    case 'npm': {
      if (npmOwn.has(first)) return null;
      const script = first === 'run' ? (rest.shift() ?? '') : first;
      return objectionToScript(graph, script, rest);
    }
    case 'npx':
      if (first === ownCommand) return objectionToOwn(graph, rest);
      return existsSync(join(repo.root, 'node_modules/.bin', first)) ? null : `there is no command ${first}`;
    case 'node':
      return repo.has(first) ? null : `there is no file ${first}`;
    default: {
      if (program === undefined || ordinary.has(program)) return null;
      return repo.has(posix.normalize(program)) ? null : `there is no command ${program}`;
    }
  }
}

function objectionToScript(graph: ModuleGraph, name: string, rest: readonly string[]): string | null {
  const script = graph.workspaces.root.manifest.scripts?.[name];
  if (script === undefined) return `package.json has no script '${name}'`;
  const entries = script.match(/[\w./-]+\.m?[jt]s\b/g) ?? [];
  return objectionToOptions(graph, entries, rest);
}

/** `npx lifeverse load --url ...`: the command and its options by the words that the program knows. */
function objectionToOwn(graph: ModuleGraph, [name = '', ...rest]: readonly string[]): string | null {
  const owner = graph.workspaces.all.find(
    ({ manifest }) => typeof manifest.bin === 'object' && ownCommand in manifest.bin,
  );
  if (!owner || typeof owner.manifest.bin !== 'object') return `no package has the bin '${ownCommand}'`;
  const entry = posix.join(owner.folder, owner.manifest.bin[ownCommand] as string);
  const ownModules = [...graph.reachableFrom([entry])].filter((path) => path.startsWith(`${owner.folder}/`));
  if (!name.startsWith('-') && !wordsOf(graph, ownModules).has(name)) return `${ownCommand} has no command '${name}'`;
  return objectionToOptions(graph, [entry], [name, ...rest]);
}

function objectionToOptions(graph: ModuleGraph, entries: readonly string[], given: readonly string[]): string | null {
  const options = given.flatMap((word) => /^--([a-z][a-z0-9-]*)/.exec(word)?.[1] ?? []);
  if (options.length === 0) return null;
  const known = wordsOf(graph, graph.reachableFrom(entries));
  const unknown = options.find((option) => !known.has(option) && !known.has(camelCase(option)));
  return unknown === undefined ? null : `there is no option --${unknown}`;
}

/** Every word that the modules use as a key or a string: an option that is not among them cannot be one. */
function wordsOf(graph: ModuleGraph, paths: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const path of paths) {
    const module = graph.modules.get(path);
    if (!module) continue;
    walk(module.program, ({ node }) => {
      const key = node.type === 'Property' ? child(node, 'key') : undefined;
      const word = identifierName(key) ?? stringValue(node);
      if (word !== undefined) words.add(word.replace(/^--/, ''));
    });
  }
  return words;
}

function camelCase(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
