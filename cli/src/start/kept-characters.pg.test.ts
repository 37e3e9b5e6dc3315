import { describe, expect, it } from 'vitest';
import { at, dataFolders, enter, kept, keptAt, Lives, metres, walk } from './test-world.ts';

const RUN_MPS = 6;
/** What is kept may be so old. */
const OLDEST_S = 5;

const dataFolder = dataFolders();
/** Each test begins on the server that the one before it has left. */
const world = new Lives(dataFolder());

describe('[WO21] a character of a server', () => {
  it.each([
    [[], world],
    [['--threads'], new Lives(dataFolder(), '--threads')],
  ])('that was killed stands where it stood, with %j', async (_, lives) => {
    const url = await lives.url();
    const { player, session } = await enter(url);
    await walk(player, 1, 8);
    player.send.walk({ towards: 1, pace: 'stand' });
    const stood = await keptAt(url, session, () => at(player));
    await lives.kill();
    player.close();
    const again = await enter(await lives.url(), session);
    expect(metres(at(again.player), stood)).toBeLessThan(0.1);
  });

  it('that was killed while it ran stands where it was at most 5 s before', async () => {
    const { player, session } = await enter(await world.url());
    const from = at(player);
    await walk(player, 0, (OLDEST_S + 1) * RUN_MPS);
    const ran = at(player);
    await world.kill();
    player.close();
    const again = at((await enter(await world.url(), session)).player);
    expect(again.y).toBeCloseTo(from.y, 0);
    expect(again.x).toBeGreaterThan(ran.x - OLDEST_S * RUN_MPS);
    expect(again.x).toBeLessThanOrEqual(ran.x + RUN_MPS);
  });

  it('that was stopped stands where it stood, to the moment', async () => {
    const { player, session } = await enter(await world.url());
    await walk(player, 0, 8);
    const ran = at(player);
    await world.stop();
    player.close();
    const again = await enter(await world.url(), session);
    expect(metres(at(again.player), ran)).toBeLessThan(RUN_MPS / 2);
  });

  it('that left is kept at once', async () => {
    const url = await world.url();
    const { player, session } = await enter(url);
    await walk(player, 2, 5);
    const left = at(player);
    player.close();
    await expect.poll(async () => (await kept(url, session)).state, { timeout: 20_000 }).toBe('offline');
    await world.kill();
    const again = await enter(await world.url(), session);
    expect(metres(at(again.player), left)).toBeLessThan(RUN_MPS);
  });
});

describe('[WO8] a second device', () => {
  it('takes the avatar over, also after the server was started anew, and the first is told', async () => {
    const url = await world.url();
    const phone = await enter(url);
    const desktop = await enter(url, phone.session);
    expect(await phone.ended).toBe('session_replaced');
    await world.stop();
    desktop.player.close();
    const next = await world.url();
    const again = await enter(next, phone.session);
    const other = await enter(next, phone.session);
    expect(await again.ended).toBe('session_replaced');
    expect(other.player.me).not.toBeNull();
  });
});
