import { randomBytes } from 'node:crypto';
import { roles } from '@lifeverse/contracts';
import { limits } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { signTicket, type TicketClaims, TicketDoor } from './ticket.ts';

const key = randomBytes(32);
const claims = (change: Partial<TicketClaims> = {}): TicketClaims => ({
  character: 'c-1',
  incarnation: 3,
  name: 'Merry Otter',
  login: 'l-1',
  mutedUntilMs: 0,
  player: 'p-1',
  platform: 'web',
  cohorts: ['account', 'staff', 'owner'],
  expiresMs: 30_000,
  ...change,
});

describe('a ticket', () => {
  it('gives back what was signed', () => {
    expect(new TicketDoor(key).redeem(signTicket(key, claims()), 29_999)).toEqual(claims());
  });

  it('stays within the length a client may send', () => {
    const longest = claims({
      character: 'c'.repeat(64),
      incarnation: 2 ** 53 - 1,
      name: '😀'.repeat(8),
      login: 'l'.repeat(64),
      player: 'p'.repeat(64),
      platform: 'w'.repeat(32),
      cohorts: ['account', 'staff', ...roles],
    });
    const ticket = signTicket(key, longest);
    expect(ticket.length).toBeLessThanOrEqual(limits.ticketChars);
    expect(new TicketDoor(key).redeem(ticket, 0)).toEqual(longest);
  });

  it('expires', () => {
    expect(new TicketDoor(key).redeem(signTicket(key, claims()), 30_000)).toBe('ticket_expired');
  });

  it('is used once, and voids the older ones of its character', () => {
    const door = new TicketDoor(key);
    const older = signTicket(key, claims({ incarnation: 2 }));
    const ticket = signTicket(key, claims());
    expect(door.redeem(ticket, 0)).toEqual(claims());
    expect(door.redeem(ticket, 1)).toBe('ticket_used');
    expect(door.redeem(older, 1)).toBe('ticket_used');
    expect(door.redeem(signTicket(key, claims({ incarnation: 4 })), 1)).toEqual(claims({ incarnation: 4 }));
  });

  it('is refused with any bit changed, cut anywhere, too long or signed by another', () => {
    const ticket = Buffer.from(signTicket(key, claims()), 'base64url');
    const door = new TicketDoor(key);
    for (let bit = 0; bit < ticket.length * 8; bit++) {
      const changed = Buffer.from(ticket);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(door.redeem(changed.toString('base64url'), 0)).toBe('ticket_invalid');
    }
    for (let length = 0; length < ticket.length; length++) {
      expect(door.redeem(ticket.subarray(0, length).toString('base64url'), 0)).toBe('ticket_invalid');
    }
    expect(door.redeem(ticket.toString('base64url').padEnd(limits.ticketChars + 1, 'A'), 0)).toBe('ticket_invalid');
    expect(door.redeem(signTicket(randomBytes(32), claims()), 0)).toBe('ticket_invalid');
  });

  it('is remembered in bounded memory, until it would have expired', () => {
    const door = new TicketDoor(key, 2);
    const ticket = (character: string, expiresMs: number) => signTicket(key, claims({ character, expiresMs }));
    door.redeem(ticket('a', 10), 0);
    door.redeem(ticket('b', 20), 0);
    expect(door.redeem(ticket('c', 30), 9)).toBe('world_full');
    expect(door.redeem(ticket('c', 30), 10)).toMatchObject({ character: 'c' });
  });
});
