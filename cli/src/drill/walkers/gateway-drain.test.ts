import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import { expect, it, onTestFinished } from 'vitest';
import { CountedPlayer } from './counted-player.ts';
import { counting, sideMFor } from './counting-world.ts';
import { judgeWalks } from './judge.ts';
import { about } from './steering.ts';
import { startTwoGateways } from './test-two-gateways.ts';

const PLAYERS = 18;
/** Beside whatever else runs. */
const BOUND_MS = 120_000;
const TURN_MS = 50;
const LOOK_MS = 20;
const PLAY_MS = 1_000;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(LOOK_MS);
}

it('[GW30] [GW31] [SY30] players of a gateway that is drained play on by the other: no connection lost, no input, no place', {
  timeout: BOUND_MS,
}, async () => {
  const sideM = sideMFor(PLAYERS);
  const served = counting(sideM);
  const { gateways, urls } = await startTwoGateways(served);
  const [first, second] = gateways as [(typeof gateways)[0], (typeof gateways)[0]];
  const random = new Random(1);
  const players = Array.from({ length: PLAYERS }, (_, i) => {
    const mine = { gateway: i % 3 === 0 ? 1 : 0, name: `Walker ${i}`, session: undefined, random: random.fork() };
    return new CountedPlayer({ world: served.world, steering: about(sideM), heardMs: 0, urls, ...mine });
  });
  const turns = setInterval(() => {
    for (const player of players) player.turn();
  }, TURN_MS);
  onTestFinished(() => {
    clearInterval(turns);
    for (const player of players) player.leave();
  });
  await until(() => players.every((player) => player.playsSince(0)));
  expect([first.players, second.players]).toEqual([12, 6]);
  await sleep(PLAY_MS);
  expect([first.drain(2_000), first.drain(), first.draining]).toEqual([true, true, true]);
  await expect(fetch(new URL('api/world', urls[0]))).rejects.toThrow('fetch failed');
  await until(() => first.players === 0);
  const leftMs = performance.now();
  await first.stop();
  await until(() => players.every((player) => player.ackedSince(leftMs)));
  await sleep(PLAY_MS);
  const told = (await fetch(new URL('api/world', urls[1]))).headers.get('x-lifeverse-gateways');
  expect([told, second.players]).toEqual([second.url, PLAYERS]);
  // Nobody else is there to go to: it stays as it was.
  expect([second.drain(), second.draining]).toEqual([false, false]);
  const records = players.map(({ record }) => record);
  const sightings = [players.flatMap(({ sightings: seen }) => seen)];
  const judged = judgeWalks({ records, sightings, endMs: performance.now() });
  const none = { inputsLost: 0, inputsDoubled: 0, entitiesLost: 0, entitiesDoubled: 0, disconnects: 0, wrong: [] };
  expect(judged).toMatchObject({ joined: PLAYERS, positionsLostM: [], ...none });
  expect(records.map(({ lives }) => lives.length)).toEqual(Array(PLAYERS).fill(1));
  expect(players.map(({ gateway }) => gateway)).toEqual(Array(PLAYERS).fill(1));
  expect(judged.acknowledged).toBeGreaterThan(PLAYERS * 20);
  // How long depends on what runs beside; a player who had come back anew would have stood for longer.
  expect(Math.max(...judged.inputGapsMs), `gaps: ${judged.inputGapsMs.map(Math.round)}`).toBeLessThan(5_000);
});
