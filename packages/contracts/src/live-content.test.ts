import { declareContent, ManualClock, shape } from '@lifeverse/base';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Bus, subjects } from './bus.ts';
import { type ContentSet, decodeContentSet, encodeContentSet } from './content-set.ts';
import { followContent, LiveContent } from './live-content.ts';

const prices = declareContent({
  shape: shape.map(shape.object({ asks: shape.integer(1, 100), pays: shape.integer(0, 100) }), 10),
  initial: { bread: { asks: 5, pays: 2 } },
  sentence: 'What stalls ask and pay.',
  check: (body) =>
    Object.entries(body).flatMap(([ware, { asks, pays }]) =>
      pays > asks ? [{ at: `/${ware}/pays`, why: 'must not be above asks' }] : [],
    ),
});
const said = (revision: number, version: number, body: unknown): ContentSet => ({
  revision,
  documents: [
    { document: 'prices', version, body },
    { document: 'of-another-version', version: 1, body: null },
  ],
});

describe('live content', () => {
  it('is what was declared until something else is in force, with its type', () => {
    const live = new LiveContent({ prices });
    expectTypeOf(live.get('prices').bread?.asks).toEqualTypeOf<number>();
    expect([live.get('prices').bread, live.version('prices')]).toEqual([{ asks: 5, pays: 2 }, null]);
    const changes: (readonly string[])[] = [];
    live.onChange((changed) => changes.push(changed));
    live.replace(said(3, 3, { bread: { asks: 6, pays: 1 } }));
    live.replace(said(3, 3, { bread: { asks: 6, pays: 1 } }));
    expect([live.get('prices').bread, live.version('prices')]).toEqual([{ asks: 6, pays: 1 }, 3]);
    live.replace({ revision: 0, documents: [] });
    expect([live.get('prices').bread, changes]).toEqual([{ asks: 5, pays: 2 }, [['prices'], ['prices']]]);
  });

  it.each<[string, unknown, string]>([
    ['shape', { bread: { asks: 0, pays: 0 } }, '/bread/asks'],
    ['sense', { bread: { asks: 5, pays: 6 } }, '/bread/pays'],
  ])('keeps the last good version when another is wrong in %s', (_, body, at) => {
    const live = new LiveContent({ prices });
    live.replace(said(1, 1, { bread: { asks: 7, pays: 0 } }));
    expect(live.replace(said(2, 2, body))).toMatchObject([{ document: 'prices', version: 2, faults: [{ at }] }]);
    expect(live.replace(said(2, 2, body))).toEqual([]);
    expect(live.get('prices').bread?.asks).toBe(7);
  });
});

describe('the message with all content', () => {
  it('comes back as it was, and is nothing when it is cut or anything else', () => {
    const set = said(4, 4, { bread: { asks: 6, pays: 1 } });
    const bytes = encodeContentSet(set);
    expect(decodeContentSet(bytes)).toEqual(set);
    for (let length = 0; length < bytes.length; length++)
      expect(decodeContentSet(bytes.subarray(0, length))).toBeUndefined();
    for (const wrong of [{ revision: 1.5, documents: [] }, { revision: 1, documents: [1] }, { revision: 1 }, [], 7])
      expect(decodeContentSet(new TextEncoder().encode(JSON.stringify(wrong)))).toBeUndefined();
  });

  it('is not followed back to an older one, unless that lasts', () => {
    let hear: (bytes: Uint8Array) => void = () => undefined;
    const bus: Bus = {
      publish: (_, bytes) => hear(bytes),
      subscribe: (subject, receive) => {
        if (subject === subjects.content) hear = receive;
        return () => undefined;
      },
      close: () => undefined,
    };
    const clock = new ManualClock();
    const live = new LiveContent({ prices });
    const refused: number[] = [];
    followContent({ bus, clock, live, refused: ({ version }) => refused.push(version) });
    const say = (revision: number, asks: number) =>
      hear(encodeContentSet(said(revision, revision, { bread: { asks, pays: 0 } })));
    say(5, 50);
    say(4, 40);
    hear(Uint8Array.of(1, 2, 3));
    expect(live.get('prices').bread?.asks).toBe(50);
    clock.advanceTo(30_000);
    say(4, 40);
    say(6, -1);
    expect([live.get('prices').bread?.asks, refused]).toEqual([40, [6]]);
  });
});
