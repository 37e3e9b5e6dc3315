import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeGatewayNotice, subjects } from '@lifeverse/contracts';
import { chromium } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

async function hears(gateway: TestGateway, of: TestGateway): Promise<void> {
  gateway.bus.publish(
    subjects.gateways,
    encodeGatewayNotice({ address: of.url, name: of.url, leaves: false, region: '', players: 0 }),
  );
  const told = async () => (await fetch(`${gateway.url}/api/world`)).headers.get('x-lifeverse-gateways');
  while ((await told()) === null) await new Promise((resolve) => setImmediate(resolve));
}

/** In the page: what a client does to come in by that address. */
async function comeBy(url: string): Promise<{ ticket: number | null; told: string | null; socket: string }> {
  const asking = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const answer = await fetch(`${url}/api/tickets`, asking).catch(() => null);
  const socket = await new Promise<string>((resolve) => {
    const opened = new WebSocket(`${url.replace('http', 'ws')}/ws`);
    opened.onopen = () => resolve('open');
    opened.onclose = opened.onerror = () => resolve('closed');
  }).catch(() => 'closed');
  return { ticket: answer?.status ?? null, told: answer?.headers.get('x-lifeverse-gateways') ?? null, socket };
}

it('[GW27] a page whose gateway has ended comes in by another one, and speaks with nobody else', async () => {
  const assets = mkdtempSync(join(tmpdir(), 'lifeverse-assets-'));
  onTestFinished(() => rmSync(assets, { recursive: true, force: true }));
  writeFileSync(join(assets, 'index.html'), '<!doctype html><title>a page</title>');
  const own = await startTestGateway({ assets });
  const [other, stranger] = [await startTestGateway(), await startTestGateway()];
  await hears(own, other);
  await hears(other, own);
  // This one would let the page in: it is the page that was not told of it.
  await hears(stranger, own);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(own.url);
  await own.stop();
  expect(await page.evaluate(comeBy, other.url)).toEqual({ ticket: 200, told: own.url, socket: 'open' });
  expect(await page.evaluate(comeBy, stranger.url)).toEqual({ ticket: null, told: null, socket: 'closed' });
});
