import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@lifeverse/node-kit';
import { expect, it, onTestFinished } from 'vitest';
import { Fleet } from './fleet.ts';
import { drainMember } from './member-drain.ts';
import { Watch } from './watch.ts';

const program = fileURLToPath(new URL('test-beating-child.ts', import.meta.url));
const stays = new AbortController().signal;

it('a gateway that cannot take players again is not said to have them', async () => {
  const fleet = new Fleet({ told: () => undefined, logged: () => undefined }, stays);
  onTestFinished(() => fleet.stop());
  await fleet.start('gateway', (number) => ({
    ...{ name: `gateway-${number}`, command: process.execPath, args: () => [program], env: () => ({}) },
  }));
  const drained = (undo: boolean) =>
    drainMember(
      { drain: 'gateway-1', undo, waits: false },
      { fleet, watch: new Watch(), tell: () => undefined, gone: stays },
    );
  expect(await drained(false)).toMatchObject({ drained: true });
  await expect(drained(true)).rejects.toThrow(new ConfigurationError('gateway-1 stays drained: its log says why.'));
});
