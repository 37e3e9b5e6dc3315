import { connect, type SocketLike } from '@lifeverse/client';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { topologyOf } from '../points/topology.ts';
import { at, type Player, world } from '../start/test-town.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
let stopped = false;
beforeAll(async () => {
  cluster = await TestCluster.start('--residents', '0', '--zone-servers', '2', '--log-level', 'warn');
});
afterAll(async () => {
  if (!stopped) await cluster.stop();
});

interface Person {
  readonly player: Player;
  readonly session: string;
  readonly heard: string[];
  readonly ended: string[];
  /** Hosts by which they came, in order. */
  readonly ways: string[];
}

/** In town by that gateway, with what everyone has to begin with. */
async function enter(gateway: number, name: string): Promise<Person> {
  let session = '';
  const ways: string[] = [];
  const player = await connect(world, cluster.urls[gateway] as string, {
    name,
    onSession: (given) => {
      session = given;
    },
    openSocket: (url) => {
      ways.push(url.host);
      return new WebSocket(url) as SocketLike;
    },
  });
  const frames = setInterval(() => player.update(), 25);
  onTestFinished(() => {
    clearInterval(frames);
    player.close();
  });
  const [heard, ended]: string[][] = [[], []];
  player.on('speech', ({ text }) => heard?.push(text));
  player.on('closed', ({ code }) => ended?.push(code));
  await expect.poll(() => player.purse + player.items.length, { timeout: 20_000 }).toBeGreaterThan(0);
  return { player, session, heard: heard as string[], ended: ended as string[], ways };
}

const idOf = ({ player }: Person) => player.me?.id as never;
const metres = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Where the one sees the other. */
function seen(by: Person, other: Person): { x: number; y: number } | null {
  const position = by.player.entity(idOf(other))?.position;
  return position === undefined ? null : { ...position };
}

function timesSeen(one: Person, by: Person): number {
  return [...by.player.others].filter(({ name }) => name === one.player.me?.name).length;
}

const DETOUR_STEPS = 10;

/** Along what stands in the way, to the one side and then further to the other, until the way is free. */
async function walkTo({ player }: Person, to: { x: number; y: number }, nearM: number): Promise<void> {
  let [last, detours, steps] = [at(player), 0, 0];
  await expect
    .poll(
      () => {
        const now = at(player);
        const left = metres(now, to);
        if (steps > 0) steps--;
        else if (metres(now, last) < 0.01) steps = ++detours * DETOUR_STEPS;
        last = now;
        const aside = steps === 0 ? 0 : (Math.PI / 2) * (detours % 2 === 0 ? 1 : -1);
        const towards = Math.atan2(to.y - now.y, to.x - now.x) + aside;
        player.send.walk(left > nearM ? { towards, pace: left > 6 ? 'run' : 'walk' } : { towards: 0, pace: 'stand' });
        return left;
      },
      { interval: 60, timeout: 40_000 },
    )
    .toBeLessThan(nearM);
}

/** Two who stand beside one another, each by a gateway of their own. */
async function pair(names: readonly [string, string]): Promise<[Person, Person]> {
  const [ann, bob] = await Promise.all([enter(0, names[0]), enter(1, names[1])]);
  await walkTo(ann, at(bob.player), 3);
  return [ann, bob];
}

/** The one moves, and the other sees it. */
async function seenToMove(one: Person, by: Person): Promise<void> {
  await expect.poll(() => seen(by, one), { timeout: 20_000 }).not.toBeNull();
  const from = seen(by, one) as { x: number; y: number };
  let towards = 0;
  await expect
    .poll(
      () => {
        // Where there is a wall, another way.
        towards += 0.5;
        one.player.send.walk({ towards, pace: 'walk' });
        return metres(seen(by, one) ?? from, from);
      },
      { interval: 250, timeout: 20_000 },
    )
    .toBeGreaterThan(0.5);
  one.player.send.walk({ towards: 0, pace: 'stand' });
}

/** Where the character was last saved. */
async function kept({ session }: Person): Promise<{ x: number; y: number }> {
  const answer = await fetch(`${cluster.urls[1]}/api/characters`, { headers: { authorization: `Bearer ${session}` } });
  const [character] = ((await answer.json()) as { characters: { position: { x: number; y: number } | null }[] })
    .characters;
  return character?.position ?? { x: 0, y: 0 };
}

async function trade(ann: Person, bob: Person): Promise<void> {
  const before = [ann.player.purse, bob.player.purse] as const;
  await walkTo(ann, at(bob.player), 3);
  expect(await ann.player.give({ to: idOf(bob), money: 5, items: [] })).toMatchObject({ ok: true });
  await expect
    .poll(() => [ann.player.purse, bob.player.purse], { timeout: 10_000 })
    .toEqual([before[0] - 5, before[1] + 5]);
}

it('[GW24] two players by two gateways see one another, hear one another, and trade', async () => {
  expect(new Set(cluster.urls).size).toBe(2);
  const [ann, bob] = await pair(['Ann', 'Bob']);
  await seenToMove(ann, bob);
  await seenToMove(bob, ann);
  ann.player.send.say({ text: 'from the first' });
  bob.player.send.say({ text: 'from the second' });
  await expect.poll(() => bob.heard, { timeout: 10_000 }).toContain('from the first');
  await expect.poll(() => ann.heard, { timeout: 10_000 }).toContain('from the second');
  await trade(ann, bob);
  for (const url of cluster.urls) {
    expect(await (await fetch(url)).text()).toContain('a page');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  }
});

it('of which parts there is only one is read from what they report', async () => {
  const topology = async () => topologyOf(await (await fetch(`${cluster.urls[0]}/metrics`)).text());
  await expect.poll(topology, { timeout: 20_000 }).toEqual({
    gateways: ['gateway-1', 'gateway-2'],
    backends: ['backend'],
    zones: [
      { zone: 'zone-1', hasStandby: true },
      { zone: 'zone-2', hasStandby: true },
    ],
  });
});

it('[GW25] players walk on while the backend is killed and comes back, and trade then', async () => {
  const [ann, bob] = await pair(['Cat', 'Dan']);
  cluster.kill('backend');
  await seenToMove(ann, bob);
  await cluster.runs('backend', 2);
  await trade(ann, bob);
  expect([ann.ended, bob.ended]).toEqual([[], []]);
});

it('[GW24] players of a gateway that is killed come back to their avatars: by the other, and by that one when it is there again', async () => {
  const [eve, fay] = await pair(['Eve', 'Fay']);
  const avatars = [idOf(eve), idOf(fay)];
  const [first, second] = cluster.urls.map((url) => new URL(url).host);
  cluster.kill('gateway-1');
  await expect.poll(() => eve.ways.at(-1), { timeout: 20_000 }).toBe(second);
  await seenToMove(eve, fay);
  await cluster.runs('gateway-1', 2);
  cluster.kill('gateway-2');
  await expect.poll(() => [eve.ways.at(-1), fay.ways.at(-1)], { timeout: 20_000 }).toEqual([first, first]);
  await seenToMove(eve, fay);
  await cluster.runs('gateway-2', 2);
  expect([idOf(eve), idOf(fay)]).toEqual(avatars);
  expect([timesSeen(eve, fay), timesSeen(fay, eve)]).toEqual([1, 1]);
  expect([eve.ended, fay.ended]).toEqual([[], []]);
});

it('[GW25] players move again once NATS is back, and nobody is doubled', async () => {
  const [gil, hal] = await pair(['Gil', 'Hal']);
  const avatars = [idOf(gil), idOf(hal)];
  cluster.kill('nats');
  await cluster.runs('nats', 2);
  await seenToMove(gil, hal);
  await seenToMove(hal, gil);
  expect([idOf(gil), idOf(hal)]).toEqual(avatars);
  expect([timesSeen(gil, hal), timesSeen(hal, gil)]).toEqual([1, 1]);
  await trade(gil, hal);
});

it('[GW10] players are let in by the next owner of a zone that is killed, as who they were and where they were last kept', async () => {
  const [jan, kim] = await pair(['Jan', 'Kim']);
  const stood = at(jan.player);
  await expect.poll(async () => metres(await kept(jan), stood), { timeout: 20_000 }).toBeLessThan(0.1);
  const before = [jan, kim].map(idOf);
  // In whichever of them they stand.
  for (const zone of ['zone-1', 'zone-2']) cluster.kill(zone);
  for (const zone of ['zone-1', 'zone-2']) await cluster.runs(zone, 2);
  const isAnew = ({ player }: Person) => player.me !== null && !before.includes(player.me.id as never);
  await expect.poll(() => [jan, kim].map(isAnew), { timeout: 30_000 }).toEqual([true, true]);
  await expect.poll(() => seen(kim, jan), { timeout: 30_000 }).not.toBeNull();
  expect(metres(seen(kim, jan) ?? { x: 0, y: 0 }, stood)).toBeLessThan(0.5);
  // What one has is told a moment behind where one stands.
  await expect.poll(() => Math.min(jan.player.purse, kim.player.purse), { timeout: 10_000 }).toBeGreaterThan(0);
  await trade(jan, kim);
});

it('stops in order, and tells what was started again', async () => {
  const restarts = { nats: 1, backend: 1, 'zone-1': 1, 'zone-2': 1, 'gateway-1': 1, 'gateway-2': 1 };
  stopped = true;
  const { code, account } = await cluster.stop();
  expect({ code, account, said: cluster.said }).toMatchObject({
    code: 0,
    account: { restarts },
    said: expect.stringContaining('backend was killed by SIGKILL: it is started again in 250 ms'),
  });
  await Promise.all(cluster.urls.map((url) => expect(fetch(url)).rejects.toThrow()));
});
