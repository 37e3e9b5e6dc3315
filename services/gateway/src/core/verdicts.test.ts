import { describe, expect, it } from 'vitest';
import { deadlines } from './deadlines.ts';
import { type Guest, TestHall } from './test-hall.ts';

interface Scene {
  readonly scene: TestHall;
  readonly ann: Guest;
  readonly bob: Guest;
}

function two(): Scene {
  const scene = new TestHall();
  for (const name of ['ann', 'bob'])
    scene.tickets.set(name, { character: name, incarnation: 2, name, login: `login of ${name}` });
  const [ann, bob] = scene.join('ann', 'bob') as [Guest, Guest];
  return { scene, ann, bob };
}

const over = (...logins: string[]) => ({ code: 'session_unknown', logins, seats: [] }) as const;
const suspended = (character: string, incarnation: number) =>
  ({ code: 'player_suspended', logins: [], seats: [{ character, incarnation }] }) as const;

function come({ scene }: Scene, ticket: string): Guest {
  const guest = scene.connect();
  guest.core.open(ticket);
  scene.run(4);
  return guest;
}

describe('[GW21] who may not go on', () => {
  it('is sent out at once when the session is over by which they came, and nobody else is', () => {
    const { scene, ann, bob } = two();
    scene.gateway.verdicts.expel(over('login of ann', 'another of bob'), scene.nowMs);
    expect([ann.closedWith, bob.closedWith]).toEqual(['session_unknown', null]);
  });

  it('is who plays by a ticket up to that one, and who comes with one later stays', () => {
    const all = two();
    const { scene, ann, bob } = all;
    scene.gateway.verdicts.expel(suspended('ann', 1), scene.nowMs);
    expect(ann.closedWith).toBeNull();
    scene.gateway.verdicts.expel(suspended('ann', 2), scene.nowMs);
    expect([ann.closedWith, bob.closedWith]).toEqual(['player_suspended', null]);
    scene.tickets.set('later', { character: 'ann', incarnation: 3, name: 'ann' });
    expect(come(all, 'later').closedWith).toBeNull();
  });

  it('does not come in with a ticket from before, while it could be good', () => {
    const all = two();
    const { scene } = all;
    scene.tickets.set('cleo', { character: 'cleo', incarnation: 4, name: 'cleo', login: 'of cleo' });
    scene.gateway.verdicts.expel(over('of cleo'), scene.nowMs);
    scene.gateway.verdicts.expel(suspended('ann', 2), scene.nowMs);
    expect([come(all, 'cleo').closedWith, come(all, 'ann').closedWith]).toEqual([
      'session_unknown',
      'player_suspended',
    ]);
    scene.run(deadlines.verdictMs / 50);
    expect(come(all, 'cleo').closedWith).toBeNull();
  });
});

describe('[GW21] who may not speak', () => {
  const say = ({ scene }: Scene, guest: Guest): void => {
    guest.command('say', { text: 'oi' });
    scene.run(6);
  };

  it('is not heard from the moment on at which the backend says so, nor when they come back, until it says otherwise', () => {
    const all = two();
    const { scene, ann, bob } = all;
    scene.tickets.set('on its way', { character: 'ann', incarnation: 3, name: 'ann' });
    scene.gateway.verdicts.mute([{ character: 'ann', incarnation: 3, untilMs: 1e9 }], scene.nowMs);
    say(all, ann);
    expect([bob.heard, ann.refused]).toEqual([[], ['muted']]);
    const back = come(all, 'on its way');
    say(all, back);
    expect([bob.heard, back.refused]).toEqual([[], ['muted']]);
    scene.gateway.verdicts.mute([{ character: 'ann', incarnation: 3, untilMs: 0 }], scene.nowMs);
    say(all, back);
    expect(bob.heard).toEqual(['oi']);
  });

  it('is told the zone with the attach, as the ticket says it', () => {
    const { scene } = two();
    scene.gateway.verdicts.mute([{ character: 'ann', incarnation: 2, untilMs: 77_777 }], scene.nowMs);
    scene.said.length = 0;
    scene.tickets.set('later', { character: 'ann', incarnation: 3, name: 'ann', mutedUntilMs: 88_888 });
    scene.join('later');
    const told = scene.said.filter((said) => said.op === 'attach' && said.incarnation === 3);
    expect(told).toMatchObject([{ character: 'ann', mutedUntilMs: 88_888 }]);
  });
});
