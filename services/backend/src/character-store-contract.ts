import { describe, expect, it } from 'vitest';
import type { CharacterStore } from './character-store.ts';

/** What every store of characters promises. */
export function characterStoreContract(name: string, open: () => CharacterStore): void {
  describe(`character store: ${name}`, () => {
    it('creates a character of its own for every session', async () => {
      const store = open();
      const characters = await Promise.all([store.create('s1', 'Ann'), store.create('s2', 'Ann')]);
      expect(characters).toMatchObject([
        { name: 'Ann', incarnation: 1 },
        { name: 'Ann', incarnation: 1 },
      ]);
      expect(characters[0]?.id).not.toBe(characters[1]?.id);
    });

    it('gives the same character back, its incarnation risen every time', async () => {
      const store = open();
      const { id } = await store.create('s1', 'Ann');
      const again = await Promise.all(Array.from({ length: 5 }, () => store.attach('s1', null)));
      expect(again.map((character) => character?.id)).toEqual(Array(5).fill(id));
      expect(again.map((character) => character?.incarnation).sort()).toEqual([2, 3, 4, 5, 6]);
      expect(again[0]?.name).toBe('Ann');
    });

    it('renames, and keeps the new name', async () => {
      const store = open();
      await store.create('s1', 'Ann');
      expect(await store.attach('s1', 'Bea')).toMatchObject({ name: 'Bea' });
      expect(await store.attach('s1', null)).toMatchObject({ name: 'Bea' });
    });

    it('knows no session that was not created', async () => {
      expect(await open().attach('s1', 'Ann')).toBeUndefined();
    });
  });
}
