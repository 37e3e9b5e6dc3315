import { expect, it } from 'vitest';
import { parseToggleDefinition } from './toggle-definition.ts';
import { toggleReference } from './toggle-reference.ts';
import { toggles } from './toggles.ts';

const page = new URL('../../../docs/reference/toggles.md', import.meta.url);

it('the reference page says what is declared', async () => {
  await expect(toggleReference()).toMatchFileSnapshot(page.pathname);
});

it('its example is a definition', () => {
  const [, example] = /```json\n(.*?)```/s.exec(toggleReference()) ?? [];
  expect(parseToggleDefinition(toggles.worldCapacity, JSON.parse(example ?? ''))).toMatchObject({ ok: true });
});

it.each(Object.entries(toggles))('%s has a default that it could be set to', (_, declaration) => {
  const definition = { variants: { it: declaration.default }, serve: 'it' };
  expect(parseToggleDefinition(declaration, definition)).toMatchObject({ ok: true });
});
