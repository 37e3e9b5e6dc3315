import { connect } from '@lifeverse/client';
import { open } from '@lifeverse/open';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { DrilledZones } from '../drill/parts/drilled-zones.ts';
import { TestCluster } from './test-cluster.ts';

/** 100 m square, cells of 32 m: two zones meet at 64 m. */
const AREA_M2 = 10_000;
const BORDER_M = 64;
/** As far behind a border, somebody has gone over. */
const HYSTERESIS_M = 1;
const world = open({ areaM2: AREA_M2 });
const json = { 'content-type': 'application/json' };

let cluster: TestCluster;
beforeAll(async () => {
  const setting = ['--world', 'open', '--area-m2', String(AREA_M2), '--zone-servers', '2'];
  cluster = await TestCluster.start(...setting, '--log-level', 'warn');
});
afterAll(async () => {
  await cluster.stop();
});

/** Of who stays with the server that they asked, wherever they come in. */
async function stays(...given: Parameters<typeof fetch>): Promise<Response> {
  const { status, headers, body } = await fetch(...given);
  const kept = [...headers].filter(([name]) => name !== 'x-lifeverse-better');
  return new Response(body, { status, headers: kept });
}

async function enter(gateway: number, name: string) {
  const player = await connect(world, cluster.urls[gateway] as string, { name, fetch: stays });
  const states: string[] = [];
  const frames = setInterval(() => {
    player.update();
    if (states.at(-1) !== player.state) states.push(player.state);
  }, 25);
  onTestFinished(() => {
    clearInterval(frames);
    player.close();
  });
  return { player, states };
}

/** From where everybody near the border is in view: those at opposite corners do not see one another. */
async function goToTheMiddle(player: Awaited<ReturnType<typeof enter>>['player']): Promise<void> {
  const middle = Math.sqrt(AREA_M2) / 2;
  const isThere = (): boolean => {
    const { x, y } = player.me?.position ?? { x: 0, y: 0 };
    const [dx, dy] = [middle - x, middle - y];
    player.send.walk({ towards: Math.atan2(dy, dx), pace: 'run' });
    return player.me !== null && Math.hypot(dx, dy) < 10;
  };
  await expect.poll(isThere, { interval: 60, timeout: 30_000 }).toBe(true);
  player.send.walk({ towards: 0, pace: 'stand' });
}

/** What the zones have counted, all together. */
async function counted(series: string): Promise<number> {
  const text = await (await fetch(`${cluster.urls[0]}/metrics`)).text();
  const values = [...text.matchAll(new RegExp(`^lifeverse_zone_${series}_total(?:\\{[^}]*\\})? (\\d+)`, 'gm'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

// First: while nobody is there, each gateway has one of the two zones.
it('[GW32] who comes back is led to the gateway that reads the zone where they stood, whichever they ask', async () => {
  let session = '';
  const first = await connect(world, cluster.urls[0] as string, { name: 'Fay', onSession: (it) => (session = it) });
  first.close();
  const led = async (url: string): Promise<string | null> => {
    const body = JSON.stringify({ session });
    const { headers } = await fetch(`${url}/api/tickets`, { method: 'POST', body, headers: json });
    return headers.get('x-lifeverse-better');
  };
  const ofZone = async (): Promise<string[]> => {
    const better = await Promise.all(cluster.urls.map(led));
    return cluster.urls.flatMap((url, at) => (better[at] === null ? [new URL(url).origin] : []));
  };
  await expect.poll(async () => (await ofZone()).length, { timeout: 20_000, interval: 200 }).toBe(1);
  const [home] = await ofZone();
  for (const url of cluster.urls) {
    const player = await connect(world, url, { session });
    expect(player.server).toBe(home);
    player.close();
  }
});

it('[GW26] players of two gateways walk from zone to zone, and each sees the other all the way', async () => {
  const [ann, bob] = await Promise.all([enter(0, 'Ann'), enter(1, 'Bob')]);
  await goToTheMiddle(bob.player);
  const id = () => ann.player.me?.id as never;
  await expect.poll(() => bob.player.entity(id())?.position, { timeout: 20_000 }).toBeDefined();
  const avatar = id();
  let unseen = 0;
  let handovers: number | undefined;
  // Whoever appears is somewhere: to the west first, from where each of the others is a crossing.
  for (const towards of [Math.PI, 0, Math.PI, 0]) {
    const isOver = (): boolean => {
      ann.player.send.walk({ towards, pace: 'run' });
      if (bob.player.entity(id()) === null) unseen++;
      const { x = BORDER_M } = ann.player.me?.position ?? {};
      return towards === 0 ? x > BORDER_M + 3 * HYSTERESIS_M : x < BORDER_M - 3 * HYSTERESIS_M;
    };
    await expect.poll(isOver, { interval: 60, timeout: 20_000 }).toBe(true);
    ann.player.send.walk({ towards, pace: 'stand' });
    const { x } = ann.player.me?.position ?? { x: 0 };
    await expect.poll(() => bob.player.entity(id())?.position.x ?? 0, { timeout: 20_000 }).toBeCloseTo(x, -1);
    handovers ??= await counted('handovers_in');
  }
  expect([id(), unseen, ann.states.at(-1), bob.states.at(-1)]).toEqual([avatar, 0, 'playing', 'playing']);
  expect(ann.states.filter((state) => state === 'playing')).toHaveLength(1);
  // Telemetry comes once a second.
  await expect.poll(() => counted('handovers_in'), { timeout: 10_000 }).toBeGreaterThanOrEqual((handovers ?? 0) + 3);
});

it('[WO53] who comes back by the other gateway is the one who walked into the other zone', async () => {
  const ann = await enter(0, 'Cat');
  const walked = (): boolean => {
    ann.player.send.walk({ towards: 0, pace: 'run' });
    return (ann.player.me?.position.x ?? 0) > BORDER_M + 3 * HYSTERESIS_M;
  };
  await expect.poll(walked, { interval: 60, timeout: 20_000 }).toBe(true);
  ann.player.send.walk({ towards: 0, pace: 'stand' });
  const avatar = ann.player.me?.id;
  cluster.kill('gateway-1');
  await expect.poll(() => ann.player.state, { timeout: 20_000 }).not.toBe('playing');
  await cluster.runs('gateway-1', 2);
  await expect.poll(() => ann.player.state, { timeout: 20_000 }).toBe('playing');
  await expect.poll(() => ann.player.me?.id, { timeout: 20_000 }).toBe(avatar);
  expect(ann.player.me?.position.x).toBeGreaterThan(BORDER_M);
});

interface Zones {
  readonly changing: boolean;
  readonly zones: readonly { readonly zone: number }[];
  readonly decisions: readonly { readonly why: string }[];
}

/** Asks for a change of zones, and gives the zones that there are when it is over, and what was decided. */
async function rearranged(...change: readonly string[]): Promise<readonly [zones: number[], why: string[]]> {
  const asked = JSON.parse(await cluster.asks('zones', ...change, '--json')) as Zones;
  const plans = DrilledZones.of(cluster.data);
  onTestFinished(() => plans.stop());
  // Looked for in the plan: to ask the command again and again would start a process each time.
  const former = async () => (await plans.plan()).arrangement.former;
  await expect.poll(former, { timeout: 60_000, interval: 200 }).toBeNull();
  const { changing, zones } = JSON.parse(await cluster.asks('zones', '--json')) as Zones;
  expect(changing).toBe(false);
  return [zones.map(({ zone }) => zone), asked.decisions.map(({ why }) => why)];
}

it('[WO60] [WO61] [WO62] a zone is split, moved and made one again while two play in it, and both go on', {
  timeout: 120_000,
}, async () => {
  const [ann, bob] = await Promise.all([enter(0, 'Dee'), enter(1, 'Eve')]);
  for (const { player } of [ann, bob]) await expect.poll(() => player.me, { timeout: 20_000 }).not.toBeNull();
  const [dee, eve] = [ann.player.me?.id as never, bob.player.me?.id as never];
  await expect.poll(() => bob.player.entity(dee)?.position, { timeout: 20_000 }).toBeDefined();
  let [turn, unseen] = [0, 0];
  const playing = setInterval(() => {
    turn++;
    for (const { player } of [ann, bob]) player.send.walk({ towards: (turn / 20) % 6, pace: 'run' });
    if (bob.player.entity(dee) === undefined || ann.player.entity(eve) === undefined) unseen++;
  }, 100);
  onTestFinished(() => clearInterval(playing));
  expect(await rearranged('split', '1', '--server', 'zone-1')).toEqual([
    [1, 2, 3],
    expect.arrayContaining([expect.stringMatching(/^zone 1 is split at . = \d+: 3 is new$/)]),
  ]);
  expect(await rearranged('move', '3', '--server', 'zone-2')).toEqual([
    [1, 2, 4],
    expect.arrayContaining(['zone 3 moves to zone-2, as zone 4']),
  ]);
  expect(await rearranged('merge', '4', '1')).toEqual([
    [2, 4],
    expect.arrayContaining(['zone 1 becomes part of zone 4']),
  ]);
  for (const { player, states } of [ann, bob]) {
    expect([states.at(-1), states.filter((state) => state === 'playing').length]).toEqual(['playing', 1]);
    expect(player.stats).toMatchObject({ errors: 0, rekeys: 0 });
  }
  expect([unseen, ann.player.me?.id, bob.player.me?.id]).toEqual([0, dee, eve]);
});
