import { decodeNeighbourMessage, encodeNeighbourMessage } from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { Neighbours } from './neighbours.ts';

function opened() {
  const sent: number[] = [];
  const counters = { neighbour_messages_malformed: 0, neighbour_messages_fenced: 0 };
  const send = (zone: number, bytes: Uint8Array): void => {
    expect(decodeNeighbourMessage(bytes)).toMatchObject({ zone: 1, epoch: 7 });
    sent.push(zone);
  };
  return { neighbours: new Neighbours({ zone: 1, epoch: 7, counters, send }), sent };
}

it('[WO50] a zone that is none any more is spoken to for a minute behind its last word, and then no more', () => {
  const { neighbours, sent } = opened();
  for (const zone of [2, 3, 4]) neighbours.greet(zone);
  const header = { zone: 2, epoch: 5, toEpoch: 7, heard: 0, first: 1 };
  neighbours.receive(encodeNeighbourMessage({ ...header, notes: [] }), 1_000);
  neighbours.say(3, { note: 'freeze', character: 'ann' }, true);
  const isThere = (zone: number): boolean => zone === 4;
  neighbours.keep(isThere, 30_000);
  neighbours.flush(31_000);
  expect(sent.sort()).toEqual([2, 4]);
  neighbours.keep(isThere, 61_001);
  neighbours.flush(62_100);
  expect(sent.slice(2)).toEqual([4]);
  expect(neighbours.isBusy(62_100)).toBe(false);
});
