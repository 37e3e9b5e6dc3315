import { expect, it } from 'vitest';
import { characterStoreContract } from './character-store-contract.ts';
import { MemoryCharacterStore } from './memory-character-store.ts';

characterStoreContract('memory', () => new MemoryCharacterStore());

it('forgets who was not seen for longest when it is full', async () => {
  const store = new MemoryCharacterStore(3);
  for (const session of ['a', 'b', 'c']) await store.create(session, 'Ann');
  await store.attach('a', null);
  await store.create('d', 'Ann');
  const known = await Promise.all(['a', 'b', 'c', 'd'].map((session) => store.attach(session, null)));
  expect(known.map((character) => character !== undefined)).toEqual([true, false, true, true]);
});
