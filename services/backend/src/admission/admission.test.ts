import { Random } from '@lifeverse/base';
import { expect, it } from 'vitest';
import { Admission, type Asking } from './admission.ts';
import { Seats } from './seats.ts';
import { isWaiting } from './waiting.ts';
import { defaultRoomLimits, WaitingRoom } from './waiting-room.ts';

/** A gate on time of its own, that gives a ticket to whoever may come in. */
function gate() {
  let nowMs = 1_000_000;
  let guests = 0;
  let capacity = 0;
  const room = new WaitingRoom(defaultRoomLimits, new Random(1), nowMs);
  const admission = new Admission({
    key: new Uint8Array(32).fill(7),
    room,
    seats: new Seats((atMs, freed) => room.freed(atMs, freed)),
    visitors: { find: () => Promise.resolve({ character: null, lately: false }) },
    limits: () => ({ capacity, joinsPerS: 100 }),
    wallMs: () => nowMs,
    recovery: () => Promise.resolve(),
  });
  const ask = (place: string | null, token: string | null = null) => {
    const asking: Asking = { token, place, peer: '198.51.100.7', unlimited: true };
    const give = async (given: string | null) => {
      const session = given ?? `session ${++guests}`;
      return { ticket: 'a ticket', session, name: 'Ann', expiresInMs: 30_000, zone: 0 };
    };
    return admission.admit(asking, give);
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    admission.tick();
  };
  return {
    ask,
    pass,
    open: () => {
      capacity = 100;
    },
  };
}

it('a place that was used is refused as soon as its answer cannot be on its way any more', async () => {
  const { ask, pass, open } = gate();
  const waiting = await ask(null);
  if (!isWaiting(waiting)) throw new Error('there was room');
  open();
  const first = await ask(waiting.place);
  expect(first).toMatchObject({ session: 'session 1' });
  pass(30_000);
  expect(await ask(waiting.place)).toEqual(first);
  pass(30_000);
  expect(await ask(waiting.place)).toEqual({ refused: 'place_used' });
});

it('a place that was used comes to nothing for somebody else', async () => {
  const { ask, pass, open } = gate();
  const waiting = await ask(null);
  if (!isWaiting(waiting)) throw new Error('there was room');
  open();
  await ask(waiting.place);
  pass(30_001);
  expect(await ask(waiting.place)).toEqual({ refused: 'place_used' });
  expect(await ask(waiting.place, 'another session')).toEqual({ refused: 'place_invalid' });
  pass(30_000);
  expect(await ask(waiting.place)).toEqual({ refused: 'place_expired' });
});
