import type { SessionInfo } from '@lifeverse/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OidcProvider } from './oidc-provider.ts';
import { TestBrowser } from './test-browser.ts';
import { CLIENT, startIssuer, type TestIssuer } from './test-issuer.ts';
import { type PlayerApp, playerApp } from './test-player-app.ts';
import { caller, freshAddress, type Ground, granted, PASSWORD, playersGround, registered } from './test-players.ts';

const SESSION = 'lifeverse_session';
let ground: Ground;
let at: TestIssuer;
let app: PlayerApp;

beforeAll(async () => {
  ground = await playersGround();
  at = await startIssuer();
  app = await playerApp(ground, { providers: [{ name: 'example', issuer: at.url, ...CLIENT }] });
  at.serve(`${app.url}/api/oidc/example/callback`);
});

afterAll(async () => {
  await app.close();
  at.close();
});

async function begin(browser: TestBrowser, body: object = {}): Promise<string> {
  const response = await browser.post(`${app.url}/api/oidc/example/start`, body);
  expect(response.status).toBe(200);
  return ((await response.json()) as { url: string }).url;
}

/** Where the provider sends the browser after a log-in that was begun by it. */
async function callbackOf(browser: TestBrowser, account: string, body: object = {}): Promise<string> {
  return browser.logInAt(await begin(browser, body), account, `${app.url}/api/oidc/example/callback`);
}

async function logIn(browser: TestBrowser, account: string, body: object = {}): Promise<Response> {
  return browser.fetch(await callbackOf(browser, account, body));
}

async function playerOf(browser: TestBrowser): Promise<string> {
  const info = await app.players.sessions.verify(browser.cookie(app.url, SESSION) ?? '');
  if (typeof info === 'string') throw new Error(info);
  return info.player;
}

const count = async () => {
  const [row] = await ground.database.query<{ players: bigint }>('SELECT count(*) AS players FROM players');
  return row?.players ?? 0n;
};

describe('a log-in at a provider', () => {
  it('makes a player the first time and finds it the next time, from whatever device', async () => {
    const [web, phone] = [new TestBrowser(), new TestBrowser()];
    const response = await logIn(web, 'alice', { returnTo: '/town?view=map', platform: 'web' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/town?view=map']);
    const player = await playerOf(web);
    await logIn(phone, 'alice', { platform: 'phone' });
    expect(await playerOf(phone)).toBe(player);
    expect(phone.cookie(app.url, SESSION)).not.toBe(web.cookie(app.url, SESSION));
    const other = new TestBrowser();
    await logIn(other, 'bob');
    expect(await playerOf(other)).not.toBe(player);
  });

  it('is asked for with a code, PKCE, state and nonce, and for the identity alone', async () => {
    at.authorizations.length = 0;
    await logIn(new TestBrowser(), 'carol');
    const asked = Object.fromEntries(at.authorizations[0] as URLSearchParams);
    expect(asked).toMatchObject({ response_type: 'code', scope: 'openid', code_challenge_method: 'S256' });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  it('comes back once, to the browser that began it, with its own state', async () => {
    const browser = new TestBrowser();
    const callback = await callbackOf(browser, 'dave');
    const before = await count();
    const thief = new TestBrowser();
    expect(await (await thief.fetch(callback)).json()).toMatchObject({ code: 'provider_refused' });
    const changed = new URL(callback);
    changed.searchParams.set('state', 'A'.repeat(43));
    expect(await (await browser.fetch(changed.href)).json()).toMatchObject({ code: 'provider_refused' });
    expect(await count()).toBe(before);
    const again = new TestBrowser();
    const other = await callbackOf(again, 'dave');
    const swapped = new URL(other);
    swapped.searchParams.set('code', new URL(callback).searchParams.get('code') ?? '');
    const refused = await again.fetch(swapped.href);
    expect(refused.headers.get('location')).toBe('/#login-refused=provider_refused');
    expect(again.cookie(app.url, SESSION)).toBeUndefined();
    expect(await count()).toBe(before);
    const last = new TestBrowser();
    const good = await callbackOf(last, 'dave');
    const kept = last.cookie(app.url, 'lifeverse_oidc') ?? '';
    expect((await last.fetch(good)).status).toBe(303);
    const replaying = new TestBrowser();
    replaying.setCookie(app.url, 'lifeverse_oidc', kept);
    expect(await (await replaying.fetch(good)).json()).toMatchObject({ code: 'provider_refused' });
  });

  it('is refused when the identity it proves was asked for with another nonce or another verifier', async () => {
    for (const column of ['nonce', 'code_verifier']) {
      const browser = new TestBrowser();
      const callback = await callbackOf(browser, 'erin');
      await ground.database.query(`UPDATE oidc_logins SET ${column} = $1`, ['B'.repeat(43)]);
      const response = await browser.fetch(callback);
      expect(response.headers.get('location')).toBe('/#login-refused=provider_refused');
      expect(browser.cookie(app.url, SESSION)).toBeUndefined();
    }
  });

  it('is refused when the player says no at the provider, takes too long, or names none that is known', async () => {
    const browser = new TestBrowser();
    const start = await begin(browser, { returnTo: '/here' });
    const state = new URL(start).searchParams.get('state') ?? '';
    const no = new URLSearchParams({ state, error: 'access_denied', iss: at.url });
    const denied = await browser.fetch(`${app.url}/api/oidc/example/callback?${no}`);
    expect(denied.headers.get('location')).toBe('/here#login-refused=provider_refused');
    const late = await callbackOf(browser, 'frank');
    await ground.database.query(`UPDATE oidc_logins SET expires_at = now() - interval '1 second'`);
    expect(await (await browser.fetch(late)).json()).toMatchObject({ code: 'provider_refused' });
    const unknown = await browser.post(`${app.url}/api/oidc/other/start`, {});
    expect(await unknown.json()).toMatchObject({ code: 'provider_unknown' });
  });

  it('does not begin for a place that is not of this server', async () => {
    for (const returnTo of ['https://evil.example', '//evil.example', '/\\evil.example', 'town', '/a b', '/\r\nx: y']) {
      const response = await new TestBrowser().post(`${app.url}/api/oidc/example/start`, { returnTo });
      expect([returnTo, response.status]).toEqual([returnTo, 400]);
    }
  });

  it('is not let in when suspended', async () => {
    const browser = new TestBrowser();
    await logIn(browser, 'grace');
    await ground.database.query(`UPDATE players SET suspended_until = now() + interval '1 day' WHERE id = $1`, [
      await playerOf(browser),
    ]);
    const again = new TestBrowser();
    expect((await logIn(again, 'grace')).headers.get('location')).toBe('/#login-refused=player_suspended');
    expect(again.cookie(app.url, SESSION)).toBeUndefined();
  });
});

describe('ways to log in', () => {
  it('are linked to the player who is logged in, whose token changes; and unlinked, but not the last', async () => {
    const browser = new TestBrowser();
    const account = await registered(app.players, freshAddress());
    browser.setCookie(app.url, SESSION, account.session);
    await logIn(browser, 'heidi', { link: true });
    expect(await playerOf(browser)).toBe(account.player);
    expect(browser.cookie(app.url, SESSION)).not.toBe(account.session);
    expect(await app.players.sessions.verify(account.session)).toBe('session_unknown');
    const phone = new TestBrowser();
    await logIn(phone, 'heidi');
    expect(await playerOf(phone)).toBe(account.player);
    const list = async () => {
      const response = await browser.fetch(`${app.url}/api/identities`);
      return ((await response.json()) as { identities: { id: string; kind: string; label: string }[] }).identities;
    };
    const [email, oidc] = await list();
    expect([email?.kind, oidc?.kind, oidc?.label]).toEqual(['email', 'oidc', 'example']);
    const unlink = (id: string) => browser.fetch(`${app.url}/api/identities/${id}`, { method: 'DELETE' });
    expect((await unlink(email?.id ?? '')).status).toBe(200);
    expect(await app.players.sessions.verify(phone.cookie(app.url, SESSION) ?? '')).toBe('session_unknown');
    expect(await (await unlink(oidc?.id ?? '')).json()).toMatchObject({ code: 'identity_last' });
    expect(await (await unlink(email?.id ?? '')).json()).toMatchObject({ code: 'identity_unknown' });
    expect(await list()).toHaveLength(1);
  });

  it('cannot be linked when they are another player’s, nor after the session ended', async () => {
    await logIn(new TestBrowser(), 'ivan');
    const browser = new TestBrowser();
    const guest = granted(await app.players.guest('Judy', caller()));
    browser.setCookie(app.url, SESSION, guest.session);
    const taken = await logIn(browser, 'ivan', { link: true });
    expect(taken.headers.get('location')).toBe('/#login-refused=identity_taken');
    expect(await playerOf(browser)).toBe(guest.player);
    const callback = await callbackOf(browser, 'judy', { link: true });
    const info = await app.players.sessions.verify(guest.session);
    if (typeof info === 'string') throw new Error(info);
    await app.players.sessions.end(guest.player, info.session);
    expect((await browser.fetch(callback)).headers.get('location')).toBe('/#login-refused=session_unknown');
    expect(await app.players.identities.list(guest.player)).toEqual([]);
  });

  it('are linked by who has just logged in or gives the password, and by nobody who found a session', async () => {
    const account = await registered(app.players, freshAddress());
    const link = async (session: string, body: object = {}) => {
      const browser = new TestBrowser();
      browser.setCookie(app.url, SESSION, session);
      const response = await browser.post(`${app.url}/api/oidc/example/start`, { link: true, ...body });
      return ((await response.json()) as { code?: string }).code ?? response.status;
    };
    const age = (minutes: number) =>
      ground.database.query(
        `UPDATE sessions SET created_at = now() - $2::int * interval '1 minute' WHERE player = $1`,
        [account.player, minutes],
      );
    await age(9);
    expect(await link(account.session)).toBe(200);
    await age(10);
    expect(await link(account.session)).toBe('login_stale');
    expect(await link(account.session, { password: 'a guess of somebody' })).toBe('login_wrong');
    expect(await link(account.session, { password: PASSWORD })).toBe(200);
    const guest = granted(await app.players.guest(undefined, caller()));
    await ground.database.query(`UPDATE sessions SET created_at = now() - interval '1 year' WHERE player = $1`, [
      guest.player,
    ]);
    expect(await link(guest.session)).toBe(200);
  });

  it('are neither joined by an address nor given up by who found a session', async () => {
    const { player, session } = granted(await app.players.guest(undefined, caller()));
    await ground.database.query(
      `INSERT INTO identities (player, kind, issuer, subject) VALUES ($1, 'oidc', 'https://a.example', 'y'),
         ($1, 'oidc', 'https://b.example', 'y')`,
      [player],
    );
    const age = (minutes: number) =>
      ground.database.query(
        `UPDATE sessions SET created_at = now() - $2::int * interval '1 minute' WHERE player = $1`,
        [player, minutes],
      );
    const info = (await app.players.sessions.verify(session)) as SessionInfo;
    const ways = async () => (await app.players.identities.list(player)).length;
    const register = () =>
      app.players.register({ email: freshAddress(), password: PASSWORD }, { info, name: undefined }, caller());
    const giveUp = async () =>
      app.players.identities.unlink((await app.players.identities.list(player))[0]?.id as string, info);
    await age(10);
    expect([await register(), await giveUp(), await ways()]).toEqual([
      { refused: 'login_stale' },
      { refused: 'login_stale' },
      2,
    ]);
    await age(9);
    granted(await register());
    expect(await ways()).toBe(3);
    granted(await giveUp());
    expect(await ways()).toBe(2);
  });

  it('unlinked at once from two places leave one', async () => {
    const email = freshAddress();
    const account = await registered(app.players, email);
    const elsewhere = granted(await app.players.logIn({ email, password: PASSWORD }, caller()));
    await ground.database.query(
      `INSERT INTO identities (player, kind, issuer, subject) VALUES ($1, 'oidc', 'https://a.example', 'x')`,
      [account.player],
    );
    const infos = await Promise.all(
      [account, elsewhere].map(async ({ session }) => {
        const info = await app.players.sessions.verify(session);
        if (typeof info === 'string') throw new Error(info);
        return info;
      }),
    );
    const ids = (await app.players.identities.list(account.player)).map(({ id }) => id);
    const answers = await Promise.all(infos.map((info, i) => app.players.identities.unlink(ids[i] as string, info)));
    // Whoever comes first ends the other's session.
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'session_unknown' }]);
    expect(await app.players.identities.list(account.player)).toHaveLength(1);
  });
});

describe('a provider', () => {
  it('that does not answer is said to be unreachable, and asked again the next time', async () => {
    const away = await startIssuer();
    away.close();
    const provider = new OidcProvider({ name: 'away', issuer: away.url, clientId: 'lifeverse' });
    const checks = { state: 's', nonce: 'n', codeVerifier: 'v'.repeat(43) };
    for (let i = 0; i < 2; i++) {
      await expect(provider.address(checks, 'http://127.0.0.1/back')).rejects.toMatchObject({
        refusal: { refused: 'provider_unreachable', retryAfterMs: 5_000 },
      });
    }
  });

  it('is reached by https unless it is on the own machine', () => {
    const made = (url: string) => () => new OidcProvider({ name: 'x', issuer: url, clientId: 'y' });
    expect(made('http://provider.example')).toThrow('https');
    expect(made('http://127.0.0.1:1')).not.toThrow();
    expect(made('https://provider.example')).not.toThrow();
  });
});
