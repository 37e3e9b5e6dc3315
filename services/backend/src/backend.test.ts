import { randomBytes } from 'node:crypto';
import { ManualClock } from '@lifeverse/base';
import type { TicketGrant } from '@lifeverse/contracts';
import { TicketDoor } from '@lifeverse/node-kit';
import { limits } from '@lifeverse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Backend } from './backend.ts';
import type { CharacterStore } from './character-store.ts';
import { MemoryCharacterStore } from './memory-character-store.ts';

const ticketKey = randomBytes(32);
let clock = new ManualClock();
let door = new TicketDoor(ticketKey);
let backend = new Backend({ clock, ticketKey, characters: new MemoryCharacterStore() });
beforeEach(() => {
  clock = new ManualClock(1_000);
  door = new TicketDoor(ticketKey);
  backend = new Backend({ clock, ticketKey, characters: new MemoryCharacterStore() });
});

async function granted(request: unknown): Promise<TicketGrant> {
  const grant = await backend.grant(request);
  if (typeof grant === 'string') throw new Error(grant);
  return grant;
}

describe('a guest', () => {
  it('gets a ticket that lets in under the name asked for', async () => {
    const grant = await granted({ name: ' Ann ' });
    expect(grant).toMatchObject({ name: 'Ann', expiresInMs: 30_000 });
    expect(grant.session).toMatch(/^[\w-]{43}$/);
    expect(grant.ticket.length).toBeLessThanOrEqual(limits.ticketChars);
    expect(door.redeem(grant.ticket, 1_000)).toMatchObject({ name: 'Ann', incarnation: 1 });
  });

  it('is offered a name, and gets one without asking', async () => {
    expect(await backend.offerName()).toMatch(/^\w+ \w+$/);
    expect((await granted({})).name).toMatch(/^\w+ \w+$/);
  });

  it('comes back as the same character, the incarnation risen, renamed only if asked', async () => {
    const first = await granted({ name: 'Ann' });
    const second = await granted({ session: first.session });
    const third = await granted({ session: first.session, name: 'Bea' });
    const [a, b, c] = [first, second, third].map(({ ticket }) => door.redeem(ticket, 1_000));
    expect([b, c]).toMatchObject([
      { incarnation: 2, name: 'Ann', character: (a as { character: string }).character },
      { incarnation: 3, name: 'Bea', character: (a as { character: string }).character },
    ]);
    expect(third.session).toBe(first.session);
  });

  it('has a ticket for 30 seconds', async () => {
    const { ticket } = await granted({});
    expect(door.redeem(ticket, 31_000)).toBe('ticket_expired');
  });

  it.each([
    ['no object', null, 'malformed_message'],
    ['a list', [], 'malformed_message'],
    ['a name of another type', { name: 7 }, 'malformed_message'],
    ['an unknown field', { nmae: 'Ann' }, 'malformed_message'],
    ['a name of 300 characters', { name: 'a'.repeat(300) }, 'malformed_message'],
    ['a name with an override', { name: 'a\u202eb' }, 'name_invalid'],
    ['an empty name', { name: ' ' }, 'name_invalid'],
    ['a session that was never given', { session: randomBytes(32).toString('base64url') }, 'session_unknown'],
    ['a session of another length', { session: 'x' }, 'session_unknown'],
  ])('is refused with %s', async (_, request, code) => {
    expect(await backend.grant(request)).toBe(code);
  });

  it('has a session that nobody can read out of the store', async () => {
    const seen: string[] = [];
    const memory = new MemoryCharacterStore();
    const characters: CharacterStore = {
      create: (hash, name) => {
        seen.push(hash);
        return memory.create(hash, name);
      },
      attach: (hash, name) => memory.attach(hash, name),
    };
    backend = new Backend({ clock, ticketKey, characters });
    const { session } = await granted({});
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toContain(session);
    expect(await granted({ session })).toMatchObject({ session });
  });
});
