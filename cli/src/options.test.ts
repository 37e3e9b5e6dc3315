import { ConfigurationError, readOptions } from '@lifeverse/node-kit';
import { expect, it } from 'vitest';
import { configurationPage } from './configuration-page.ts';
import { checkTogether, startOptions } from './start/options.ts';
import { publicOptions, worldOptions } from './start/worlds.ts';

it('every option is on its page, which is as fresh as the declarations', async () => {
  await expect(configurationPage()).toMatchFileSnapshot('../../docs/reference/configuration.md');
});

it('the world gets what concerns it, and its players what they need to have the same', () => {
  const given = (...argv: string[]) => worldOptions(readOptions(startOptions, argv, {}));
  expect(given()).toEqual({ residents: 200 });
  expect(given('--area-m2', '90000', '--residents', '5')).toEqual({ areaM2: 90_000, residents: 5 });
  expect(given('--world', 'open')).toEqual({ areaM2: 1_000_000, storm: 0 });
  expect(given('--world', 'open', '--storm', '--area-m2', '5000')).toEqual({ areaM2: 5_000, storm: 1 });
  expect([publicOptions(given()), publicOptions(given('--world', 'open'))]).toEqual([{}, { areaM2: 1_000_000 }]);
});

it('a storm is for the plain', () => {
  expect(() => checkTogether(readOptions(startOptions, ['--storm'], {}))).toThrow(ConfigurationError);
  checkTogether(readOptions(startOptions, ['--storm', '--world', 'open'], {}));
});
