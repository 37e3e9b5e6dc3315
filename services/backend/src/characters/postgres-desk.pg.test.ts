import { testDatabase } from '@lifeverse/node-kit/test-database';
import { beforeAll } from 'vitest';
import { presenceOfCharacter } from '../presence/presence-query.ts';
import { deskContract } from './desk-contract.ts';
import { PostgresDesk } from './postgres-desk.ts';
import { takeZone } from './take-zone.ts';
import { createCharacter, prepareCharacters, refuseSaves, silent } from './test-characters.ts';

const { database } = await testDatabase();
beforeAll(() => prepareCharacters(database));

deskContract('PostgreSQL', async () => {
  const desk = new PostgresDesk({ database, log: silent });
  return {
    desk,
    create: async () => (await createCharacter(database)).character,
    takeZone: (zone) => takeZone(database, zone),
    refuse: (character, refused) => refuseSaves(database, character, refused),
    async lift(character) {
      await desk.freezer.lift(character, { actor: 'command', reason: 'the disk was full' });
    },
    presence: async (character) => (await presenceOfCharacter(database, character))?.state ?? 'offline',
  };
});
