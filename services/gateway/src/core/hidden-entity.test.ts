import { ByteReader, decodeWelcome, serverType } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RawPlayer, RawStage } from './test-stage.ts';

const SECONDS = 6;

function entityOf(player: RawPlayer): number {
  const welcome = player.messages().find((message) => message[0] === serverType.welcome);
  return welcome === undefined ? 0 : (decodeWelcome(new ByteReader(welcome, 1))?.entity ?? 0);
}

const bytesOf = (player: RawPlayer): string =>
  player.written.map((bytes) => Buffer.from(bytes).toString('hex')).join('|');

/** People who walk, speak, cheer and change, by sequences of their own; `more` is what else happens in a tick. */
function company(stage: RawStage, names: readonly string[]) {
  const players = names.map((name) => stage.join(name));
  stage.run(10);
  const ids = players.map(entityOf);
  return { players, act: () => players.forEach((player) => void player.act(ids)) };
}

function play(stage: RawStage, players: readonly RawPlayer[], each: () => void): string[] {
  stage.run(SECONDS * 20, () => {
    each();
    if (stage.tick % 20 === 0) for (const player of players) player.heartbeat();
  });
  for (const player of players) expect(player.closedWith).toBeNull();
  return players.map(bytesOf);
}

function expectSame(a: readonly string[], b: readonly string[]): void {
  for (const [i, bytes] of a.entries()) if (bytes !== b[i]) expect(bytes.split('|')).toEqual(b[i]?.split('|'));
}

describe('[SY18] what the hidden do changes no byte of what others are sent', () => {
  it('entities that walk, jump, speak, change, look around and go', () => {
    let heard = 0;
    const wild = (seed: number, wildOwls: 'still' | 'lively') => {
      const stage = new RawStage({ wildOwls });
      const people = company(
        stage,
        ['ann', 'bob', 'cid'].map((name) => `${name}${seed}`),
      );
      const owl = company(stage, [`owl${seed}`]);
      const all = play(stage, [...people.players, ...owl.players], people.act);
      return { people: all.slice(0, 3), owl: all[3] as string };
    };
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [lively, still] = [wild(seed, 'lively'), wild(seed, 'still')];
        expectSame(lively.people, still.people);
        heard += lively.owl.length - still.owl.length;
      }),
    );
    // To an owl they are not hidden: had they done nothing, this would prove nothing.
    expect(heard).toBeGreaterThan(100_000);
  });

  it('players, where the same cells are read by others anyway', () => {
    let differed = 0;
    const haunted = (seed: number, owlsAct: boolean) => {
      const stage = new RawStage();
      const keepers = company(
        stage,
        Array.from({ length: 9 }, (_, i) => `keeper-${i}`),
      );
      const people = company(
        stage,
        ['ann', 'bob'].map((name) => `${name}${seed}`),
      );
      const owls = company(
        stage,
        ['x', 'y'].map((name) => `owl-${name}${seed}`),
      );
      const all = play(stage, [...keepers.players, ...people.players, ...owls.players], () => {
        people.act();
        if (owlsAct) owls.act();
      });
      return { others: all.slice(0, 11), owls: all.slice(11) };
    };
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [loud, still] = [haunted(seed, true), haunted(seed, false)];
        expectSame(loud.others, still.others);
        differed += loud.owls.filter((bytes, i) => bytes !== still.owls[i]).length;
      }),
    );
    expect(differed).toBeGreaterThan(100);
  });
});
