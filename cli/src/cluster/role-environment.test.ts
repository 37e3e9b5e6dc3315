import { readOptions } from '@lifeverse/node-kit';
import { expect, it } from 'vitest';
import { backendOptions } from '../roles/backend-role.ts';
import { gatewayRoleOptions } from '../roles/gateway-role.ts';
import { zoneOptions } from '../roles/zone-role.ts';
import { clusterOptions } from './options.ts';
import { passedOn, roleEnvironment } from './role-environment.ts';

const argv = ['--world', 'open', '--area-m2', '90000', '--storm', '--max-connections', '7', '--limit-local'];
argv.push('--allowed-origins', 'https://a.example,https://b.example', '--nats', 'nats://a:1,nats://b:2');
const values = readOptions(clusterOptions, argv, {});

it('a role reads what it was told, and is told nothing that is not for it', () => {
  for (const options of [backendOptions, zoneOptions, gatewayRoleOptions]) {
    const read: Record<string, unknown> = readOptions(options, [], roleEnvironment(options, values));
    for (const [name, value] of Object.entries(read))
      expect(value, name).toEqual(
        (values as Record<string, unknown>)[name] ?? options[name as keyof typeof options]?.default ?? null,
      );
  }
  expect(roleEnvironment(zoneOptions, values)).toEqual({
    LIFEVERSE_WORLD: 'open',
    LIFEVERSE_AREA_M2: '90000',
    LIFEVERSE_STORM: 'true',
    LIFEVERSE_NATS: 'nats://a:1,nats://b:2',
  });
});

it('passes on what is not ours', () => {
  expect(passedOn({ PATH: '/bin', LIFEVERSE_PORT: '1', DATABASE_URL: 'x' })).toEqual({ PATH: '/bin' });
});
