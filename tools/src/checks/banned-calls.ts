import { posix } from 'node:path';
import type { Check, Finding } from '../finding.ts';
import { type ModuleGraph, moduleGraph } from '../module-graph.ts';
import type { RepoFiles } from '../repo-files.ts';
import { isConfigPath, roomNamer } from '../rooms.ts';
import { isForTests, type SourceModule } from '../source-module.ts';
import {
  child,
  children,
  identifierName,
  memberName,
  type Place,
  type SyntaxNode,
  stringValue,
  walk,
} from '../syntax.ts';

/**
 * Cores run on virtual time: clock, timers, random, crypto and I/O are ports. Predicted code runs in different engines
 * and must agree bit for bit: + - x / and sqrt only. The environment is read where a process is put together.
 */
export const bannedCalls: Check = { name: 'banned-calls', run: (repo) => findBannedCalls(repo, freeOfPrediction) };

/** Predicted code that may use engine-dependent arithmetic: each file with the reason why nothing predicted sees it. */
type Exemptions = Readonly<Record<string, string>>;

const freeOfPrediction: Exemptions = {};

const core = /^(packages\/(base|protocol|definition|sync|world)\/src|services\/[^/]+\/src\/core)\//;
const alwaysPredicted = /^packages\/(definition\/src|sync\/src\/(common|client))\//;
const readsEnvironment = /^(cli|sim|bench|tools)\//;

/** Names that reach outside a core, with what to use instead. */
const outside: Readonly<Record<string, string>> = {
  Date: 'the clock is a port',
  performance: 'the clock is a port',
  setTimeout: 'timers are a port',
  setInterval: 'timers are a port',
  setImmediate: 'timers are a port',
  queueMicrotask: 'timers are a port',
  requestAnimationFrame: 'timers are a port',
  Promise: 'a core does not wait: events in, effects out',
  fetch: 'a core does no I/O',
  WebSocket: 'a core does no I/O',
  process: 'a core knows no process',
  console: 'a core writes no log: return what happened',
  crypto: 'crypto is a port',
  globalThis: 'a core has no globals',
  eval: 'no code from text',
};

/** What every engine computes alike; everything else of Math is left to the engine. */
const exactMath = new Set(
  'abs ceil clz32 E floor fround imul LN10 LN2 LOG10E LOG2E max min PI round sign sqrt SQRT1_2 SQRT2 trunc'.split(' '),
);

type Ban = (place: Place) => string | null;

export function findBannedCalls(repo: RepoFiles, exempt: Exemptions): Finding[] {
  const graph = moduleGraph(repo);
  const predicted = predictedPaths(graph);
  const findings: Finding[] = [];
  for (const module of graph.modules.values()) {
    if (isForTests(module)) continue;
    const bans: Ban[] = [];
    if (core.test(module.path)) bans.push(reachesOutside);
    if (predicted.has(module.path) && !Object.hasOwn(exempt, module.path)) bans.push(dependsOnEngine);
    if (!mayReadEnvironment(module.path)) bans.push(readsProcessEnv);
    findings.push(...apply(bans, module));
  }
  for (const path of Object.keys(exempt)) {
    if (!predicted.has(path))
      findings.push({ where: path, what: 'is exempted in banned-calls.ts and is not predicted code' });
  }
  return findings;
}

function apply(bans: readonly Ban[], module: SourceModule): Finding[] {
  const findings: Finding[] = [];
  if (bans.length === 0) return findings;
  walk(module.program, (place) => {
    for (const ban of bans) {
      const what = ban(place);
      if (what !== null) findings.push({ where: `${module.path}:${module.lineAt(place.node.start)}`, what });
    }
  });
  return findings;
}

/** The shared part of a world is predicted by its players' clients; its server part is not. */
function predictedPaths(graph: ModuleGraph): Set<string> {
  const roomOf = roomNamer(graph);
  const paths = [...graph.modules.keys()];
  return new Set(paths.filter((path) => alwaysPredicted.test(path) || roomOf(path) === 'worlds/shared'));
}

function mayReadEnvironment(path: string): boolean {
  return posix.basename(path) === 'main.ts' || readsEnvironment.test(path) || isConfigPath(path);
}

const reachesOutside: Ban = ({ node, key, parent }) => {
  if (node.async === true) return "no 'async' in a core: events in, effects out";
  if (node.type === 'AwaitExpression' || node.await === true) return "no 'await' in a core: events in, effects out";
  if (node.type === 'MemberExpression' && isMath(child(node, 'object')) && memberName(node) === 'random') {
    return 'no Math.random in a core: random is a port';
  }
  const taken = mathTaken(node, key, parent);
  if (taken !== null) return taken;
  const name = identifierName(node);
  if (name === undefined || !Object.hasOwn(outside, name) || !isValue(node, key, parent)) return null;
  return `no '${name}' in a core: ${outside[name]}`;
};

const dependsOnEngine: Ban = ({ node, key, parent }) => {
  if ((node.type === 'BinaryExpression' && node.operator === '**') || node.operator === '**=') {
    return "no '**' in predicted code: engines differ in the last bit";
  }
  const taken = mathTaken(node, key, parent);
  if (taken !== null) return taken;
  if (node.type !== 'MemberExpression' || !isMath(child(node, 'object'))) return null;
  const name = memberName(node);
  if (name !== undefined && (exactMath.has(name) || name === 'random')) return null;
  return `no Math.${name ?? '[...]'} in predicted code: engines differ in the last bit`;
};

const readsProcessEnv: Ban = ({ node }) => {
  const reads = 'reads the environment: only a main.ts, cli, sim, bench and tools do';
  if (node.type === 'MemberExpression' && memberName(node) === 'env') {
    return identifierName(child(node, 'object')) === 'process' ? reads : null;
  }
  const declares = node.type === 'VariableDeclarator' && identifierName(child(node, 'init')) === 'process';
  const imports =
    node.type === 'ImportDeclaration' && /^(node:)?process$/.test(stringValue(child(node, 'source')) ?? '');
  if (!declares && !imports) return null;
  const taken = declares ? children(child(node, 'id') ?? node, 'properties') : children(node, 'specifiers');
  return taken.some((one) => identifierName(child(one, declares ? 'key' : 'imported')) === 'env') ? reads : null;
};

function isMath(node: SyntaxNode | undefined): boolean {
  return identifierName(node) === 'Math';
}

/** Math taken apart, renamed or passed on: what is done with it could no longer be seen. */
function mathTaken(node: SyntaxNode, key: string, parent: Place | null): string | null {
  if (!isMath(node) || !isValue(node, key, parent)) return null;
  if (parent?.node.type === 'MemberExpression' && key === 'object') return null;
  return "name what you take from Math where you use it ('Math.sqrt(x)')";
}

/** False where an identifier is only a name: of a property, of a type, of an import elsewhere. */
function isValue(node: SyntaxNode, key: string, parent: Place | null): boolean {
  const holder = parent?.node;
  if (!holder || node.type !== 'Identifier') return false;
  if (holder.type.startsWith('TS') && !/^TS(As|Satisfies|NonNull|Instantiation|ParameterProperty)/.test(holder.type))
    return false;
  if (/^(Import|Export)/.test(holder.type)) return false;
  return holder.computed === true || (key !== 'property' && key !== 'key');
}
