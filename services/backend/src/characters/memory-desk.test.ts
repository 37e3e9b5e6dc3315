import { randomUUID } from 'node:crypto';
import { deskContract } from './desk-contract.ts';
import { MemoryDesk } from './memory-desk.ts';

deskContract('in memory', async () => {
  const desk = new MemoryDesk();
  return {
    desk,
    async create() {
      const character = randomUUID();
      desk.create(character);
      return character;
    },
    takeZone: async (zone) => desk.takeZone(zone),
    refuse: async (character, refused) => desk.refuse(character, refused),
    lift: async (character) => desk.lift(character),
    presence: async (character) => desk.presence(character),
  };
});
