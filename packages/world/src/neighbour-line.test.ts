import { Random } from '@lifeverse/base';
import { decodeNeighbourMessage, type NeighbourMessage } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { NeighbourLine } from './neighbour-line.ts';

const TICK_MS = 50;

/** One owner of a zone, with what it has taken and what it has sent. */
class Owner {
  readonly taken: string[] = [];
  sent: Uint8Array[] = [];
  /** How often another owner was met. */
  met = 0;
  readonly line: NeighbourLine;

  constructor(zone: number, epoch: number) {
    this.line = new NeighbourLine({
      zone,
      epoch,
      send: (bytes) => this.sent.push(bytes),
      take: (note) => this.taken.push(new TextDecoder().decode(note)),
      met: () => this.met++,
    });
  }

  say(text: string, lasts = true): void {
    this.line.say(new TextEncoder().encode(text), lasts);
  }

  hear(bytes: Uint8Array): boolean {
    return this.line.receive(decodeNeighbourMessage(bytes) as NeighbourMessage);
  }

  takeSent(): Uint8Array[] {
    const sent = this.sent;
    this.sent = [];
    return sent;
  }
}

/** Both speak once in every tick, and all that they say arrives. */
function talk(one: Owner, other: Owner, fromTick: number, ticks: number): void {
  for (let tick = fromTick; tick < fromTick + ticks; tick++) {
    one.line.flush(tick * TICK_MS);
    other.line.flush(tick * TICK_MS);
    const [said, answered] = [one.takeSent(), other.takeSent()];
    for (const bytes of said) other.hear(bytes);
    for (const bytes of answered) one.hear(bytes);
  }
}

describe('the way to a neighbouring zone [WO50]', () => {
  it('tells of every owner of the other zone once', () => {
    const [one, other, later] = [new Owner(1, 7), new Owner(2, 5), new Owner(2, 9)];
    for (const owner of [one, other, later]) owner.line.greet();
    talk(one, other, 0, 40);
    expect([one.met, other.met]).toEqual([1, 1]);
    talk(one, later, 40, 40);
    talk(one, other, 80, 40);
    expect([one.met, later.met]).toEqual([2, 1]);
  });

  it('brings every note, in order, and forgets those that were acknowledged', () => {
    const [one, other] = [new Owner(1, 7), new Owner(2, 5)];
    for (const text of ['a', 'b', 'c']) one.say(text);
    other.say('x');
    talk(one, other, 0, 6);
    expect(other.taken).toEqual(['a', 'b', 'c']);
    expect(one.taken).toEqual(['x']);
    expect([one.line.waiting, other.line.waiting]).toEqual([0, 0]);
  });

  it('says nothing to a zone with which it has nothing to do', () => {
    const one = new Owner(1, 1);
    one.line.flush(0);
    one.line.flush(60_000);
    expect(one.sent).toEqual([]);
  });

  it('brings each note once and in order, whatever the bus does', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const [one, other] = [new Owner(1, 3), new Owner(2, 4)];
      const underWay: { readonly to: Owner; readonly bytes: Uint8Array; readonly tick: number }[] = [];
      const post = (from: Owner, to: Owner, tick: number): void => {
        for (const bytes of from.takeSent())
          for (let copy = random.pick([0, 1, 1, 1, 2]); copy > 0; copy--)
            underWay.push({ to, bytes, tick: tick + random.below(6) });
      };
      for (let tick = 0; tick < 200; tick++) {
        if (tick < 40) one.say(`${tick}`);
        one.line.flush(tick * TICK_MS);
        other.line.flush(tick * TICK_MS);
        post(one, other, tick);
        post(other, one, tick);
        for (const message of underWay.filter((each) => each.tick === tick)) message.to.hear(message.bytes);
      }
      expect(other.taken, `seed ${seed}`).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`));
      expect(one.line.waiting).toBe(0);
    }
  });

  it('tells a new owner again what lasts and was not acknowledged, and nothing else', () => {
    const [one, former, next] = [new Owner(1, 7), new Owner(2, 5), new Owner(2, 9)];
    one.say('taken');
    talk(one, former, 0, 4);
    one.say('lasts');
    one.say('passes', false);
    talk(one, next, 10, 4);
    expect(former.taken).toEqual(['taken']);
    expect(next.taken).toEqual(['lasts']);
  });

  it('takes nothing that was meant for an earlier owner, and hears no owner that is none any more', () => {
    const [one, former, next] = [new Owner(1, 7), new Owner(2, 5), new Owner(2, 9)];
    talk(one, former, 0, 1);
    one.say('for the former', false);
    talk(one, former, 1, 2);
    one.line.flush(200);
    const meant = one.takeSent();
    next.say('here');
    talk(next, one, 10, 3);
    for (const bytes of meant) next.hear(bytes);
    expect(next.taken).toEqual([]);
    former.say('still here');
    former.line.flush(2_000);
    expect(former.takeSent().map((bytes) => one.hear(bytes))).toEqual([false]);
    expect(one.taken).toEqual(['here']);
  });

  it('starts over with a neighbour that was started anew itself', () => {
    const [one, other, restarted] = [new Owner(1, 7), new Owner(2, 5), new Owner(1, 8)];
    one.say('first');
    talk(one, other, 0, 4);
    restarted.say('second');
    talk(restarted, other, 10, 4);
    expect(other.taken).toEqual(['first', 'second']);
  });

  it('sends what does not fit into one message in the next ones', () => {
    const [one, other] = [new Owner(1, 7), new Owner(2, 5)];
    const large = 'x'.repeat(60_000);
    for (let i = 0; i < 10; i++) one.say(large);
    talk(one, other, 0, 30);
    expect(other.taken).toHaveLength(10);
  });
});
