import { describe, expect, it } from 'vitest';
import { type OperationPorts, Operations } from './operations.ts';

interface Said {
  readonly key: string;
  readonly again: boolean;
  readonly name: string;
}

function desk(answer: () => boolean | string = () => true) {
  const said: Said[] = [];
  let made = 0;
  const ports: OperationPorts = {
    send: (key, again, name) => {
      const sent = answer();
      if (sent === true) said.push({ key: key.toString(), again, name });
      return sent;
    },
    newKey: () => new Uint8Array(16).fill(++made),
  };
  const operations = new Operations(ports);
  const beats = (count: number, heard = true): void => {
    for (let i = 0; i < count; i++) operations.beat(heard);
  };
  return { operations, said, beats, key: (n: number) => new Uint8Array(16).fill(n) };
}

describe('[PR33] an operation', () => {
  it('is said again with its key, and marked, until it is answered, and not after that', async () => {
    const { operations, said, beats, key } = desk();
    const given = operations.ask('give', {});
    beats(7);
    expect(said.map(({ again }) => again)).toEqual([false]);
    beats(1);
    operations.joined();
    expect(said.map(({ again }) => again)).toEqual([false, true, true]);
    expect(new Set(said.map((one) => one.key)).size).toBe(1);
    operations.answered(key(1), 77);
    await expect(given).resolves.toEqual({ ok: true, operation: 77 });
    beats(20);
    operations.answered(key(1), 77);
    expect([said.length, operations.pending]).toEqual([3, 0]);
  });

  it('is not said again while nothing is heard of the world, and is as soon as something is', () => {
    const { operations, said, beats } = desk();
    void operations.ask('give', {});
    beats(1);
    beats(7, false);
    expect(said).toHaveLength(2);
    beats(240, false);
    expect(said).toHaveLength(2);
    beats(1);
    expect(said.map(({ again }) => again)).toEqual([false, true, true]);
  });

  it('asked before one is in the world is said once one is, not as a repetition', () => {
    let inWorld = false;
    const { operations, said } = desk(() => inWorld);
    void operations.ask('give', {});
    inWorld = true;
    operations.joined();
    operations.joined();
    expect(said.map(({ again }) => again)).toEqual([false, true]);
  });

  it('has a key of its own, and its own answer', async () => {
    const { operations, key } = desk();
    const [one, other] = [operations.ask('give', {}), operations.ask('drop', {})];
    operations.answered(key(2), 'item_not_yours');
    operations.answered(key(1), 5);
    expect(await other).toMatchObject({
      ok: false,
      code: 'item_not_yours',
      sentence: 'That item is not yours.',
      retry: 'never',
      retryAfterMs: null,
    });
    expect(await one).toEqual({ ok: true, operation: 5 });
  });

  it('whose outcome is not known is asked for again, and never given up', async () => {
    const { operations, said, beats, key } = desk();
    const bought = operations.ask('buy', {});
    operations.answered(key(1), 'outcome_unknown');
    beats(8);
    expect(said.at(-1)?.again).toBe(true);
    operations.answered(key(1), 9);
    expect(await bought).toEqual({ ok: true, operation: 9 });
  });

  it('that was refused for now says when to ask again, and asks once more under its key', async () => {
    const { operations, said, key } = desk();
    const given = operations.ask('give', {});
    operations.answered(key(1), 'journal_unreachable');
    const refused = await given;
    if (refused.ok) throw new Error('it was refused');
    expect(refused).toMatchObject({ code: 'journal_unreachable', retry: 'later', retryAfterMs: 2_000 });
    const repeated = refused.again();
    expect(refused.again()).toBe(repeated);
    expect(said.map((one) => one.key)).toEqual([key(1).toString(), key(1).toString()]);
    operations.answered(key(1), 9);
    expect(await repeated).toEqual({ ok: true, operation: 9 });
  });

  it('with a value that does not fit is not sent, and says which', async () => {
    const { operations, said } = desk(() => 'give: "money" is missing or out of its range');
    await expect(operations.ask('give', { money: -1 })).rejects.toThrow(RangeError);
    expect([said, operations.pending]).toEqual([[], 0]);
  });

  it('beyond eight at once is refused here', async () => {
    const { operations } = desk();
    for (let i = 0; i < 8; i++) void operations.ask('give', {});
    expect(await operations.ask('give', {})).toMatchObject({ ok: false, code: 'journal_busy' });
  });

  it('that is open when the connection ends for good tells that nobody knows', async () => {
    const { operations } = desk();
    const given = operations.ask('give', {});
    operations.end();
    expect(await given).toMatchObject({ ok: false, code: 'outcome_unknown' });
    expect(await operations.ask('give', {})).toMatchObject({ ok: false, code: 'session_left' });
  });
});
