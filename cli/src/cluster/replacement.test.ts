import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@lifeverse/node-kit';
import { expect, it, onTestFinished } from 'vitest';
import { Fleet, type Kind } from './fleet.ts';
import type { ChildSpec } from './kept-child.ts';
import { Replacement } from './replacement.ts';

const program = fileURLToPath(new URL('test-beating-child.ts', import.meta.url));
const stays = new AbortController().signal;

interface Trouble {
  /** Of these kinds, no other than the first starts. */
  readonly broken?: readonly Kind[];
  /** Nor is one of these ever open. */
  readonly waiting?: readonly Kind[];
  readonly openMs?: number;
}

/** A process for each of the kinds, all of them played by one that does nothing. */
async function cluster(kinds: readonly Kind[], { broken = [], waiting = [], openMs }: Trouble = {}) {
  const told: string[] = [];
  const fleet = new Fleet({ told: (line) => told.push(line), logged: () => undefined }, stays);
  onTestFinished(() => fleet.stop());
  const specOf =
    (kind: Kind) =>
    (number: number): ChildSpec => ({
      ...{ name: `${kind}-${number}`, command: process.execPath, env: () => ({}) },
      args: () => {
        if (number > 1 && broken.includes(kind)) return ['--eval', 'process.exit(3)'];
        return number > 1 && waiting.includes(kind) ? [program, 'waits'] : [program];
      },
    });
  await Promise.all(kinds.map((kind) => fleet.start(kind, specOf(kind))));
  const names = (): string[] => fleet.members.map(({ child }) => child.name);
  return { fleet, replacement: new Replacement(fleet, (line) => told.push(line), openMs), told, names };
}

it('replaces each by one that runs first, backends before zone servers before gateways, and says so', async () => {
  const { fleet, replacement, told, names } = await cluster(['gateway', 'zone', 'backend']);
  const before = fleet.members.map(({ child }) => child.pid);
  const heard: string[] = [];
  const all = replacement.run(['backend', 'zone', 'gateway'], (line) => heard.push(line), stays);
  await expect(replacement.run(['zone'], () => undefined, stays)).rejects.toThrow('are being replaced already');
  expect(await all).toBe(3);
  // Each in the place of the one before it.
  expect(names()).toEqual(['gateway-2', 'zone-2', 'backend-2']);
  expect(before).not.toContain(fleet.members[0]?.child.pid);
  expect(heard.filter((line) => line.includes('taken the place'))).toEqual([
    '1 of 3: backend-2 has taken the place of backend-1',
    '2 of 3: zone-2 has taken the place of zone-1',
    '3 of 3: gateway-2 has taken the place of gateway-1',
  ]);
  const runs = told.findIndex((line) => line.startsWith('zone-2 runs'));
  expect(runs).toBeGreaterThan(0);
  expect(told.indexOf('zone-1 has left')).toBeGreaterThan(runs);
});

it('leaves a process alone whose successor does not start', async () => {
  const { fleet, replacement, names } = await cluster(['backend', 'zone'], { broken: ['zone'] });
  const [, zone] = fleet.members.map(({ child }) => child.pid);
  await expect(replacement.run(['zone', 'backend'], () => undefined, stays)).rejects.toThrow(
    'zone-1 runs on: zone-2 ended with exit code 3.',
  );
  expect(names().toSorted()).toEqual(['backend-2', 'zone-1']);
  expect(fleet.members.find(({ kind }) => kind === 'zone')?.child).toMatchObject({ pid: zone, life: { kind: 'open' } });
});

it('does not wait for ever for a successor, which is stopped; what it was to replace runs on, and may be replaced again', async () => {
  const { fleet, replacement, names } = await cluster(['zone'], { waiting: ['zone'], openMs: 500 });
  const [pid] = fleet.members.map(({ child }) => child.pid);
  for (const successor of ['zone-2', 'zone-3']) {
    const replaced = replacement.run(['zone'], () => undefined, stays);
    await expect(replaced).rejects.toThrow(
      new ConfigurationError(`zone-1 runs on: ${successor} was not open within 0.5 s, and was stopped.`),
    );
    expect(names()).toEqual(['zone-1']);
  }
  expect(fleet.members[0]?.child).toMatchObject({ pid, life: { kind: 'open' } });
});

it('ends behind the one that is being replaced', async () => {
  const { replacement, names } = await cluster(['backend', 'zone']);
  const ending = new AbortController();
  const stop = (line: string): void => {
    if (line.includes('to be replaced')) ending.abort();
  };
  expect(await replacement.run(['backend', 'zone'], stop, ending.signal)).toBe(1);
  expect(names().toSorted()).toEqual(['backend-2', 'zone-1']);
});
