import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * Script time of a frame in real headless Chromium, against a server that is running: everything this page does in a
 * frame, from reading the connection to handing the picture over. Start a crowded town first, for instance
 *   npm start -- --port 8080 --residents 2000 --area-m2 9216
 * then `npm run bench -w @lifeverse/play -- http://127.0.0.1:8080`. Prints one JSON object.
 */
const SECONDS = 12;
const WARM_UP_MS = 6_000;
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Stats {
  readonly drawn: number;
  readonly frames: number;
  readonly entitiesInView: number;
  readonly scriptMs: readonly number[];
}

const statsOf = (page: Page): Promise<Stats> =>
  page.evaluate(() => (globalThis as unknown as { lifeverse: { stats: Stats } }).lifeverse.stats);

async function measure(browser: Browser, url: string): Promise<object> {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
  await page.goto(url);
  await page.locator('#join-go').click();
  await page.locator('body[data-stage="playing"]').waitFor();
  // As far out as one can: everyone who is near is on the screen.
  for (let i = 0; i < 8; i++) await page.keyboard.press('-');
  await page.waitForTimeout(WARM_UP_MS);
  const times: number[] = [];
  let drawnLeast = Number.POSITIVE_INFINITY;
  let { frames } = await statsOf(page);
  for (let second = 0; second < SECONDS; second++) {
    await page.waitForTimeout(1_000);
    const stats = await statsOf(page);
    drawnLeast = Math.min(drawnLeast, stats.drawn);
    times.push(...stats.scriptMs.slice(-(stats.frames - frames)));
    frames = stats.frames;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((times[Math.floor(times.length * share)] ?? 0) * 100) / 100;
  return {
    frames: times.length,
    drawn_least: drawnLeast,
    script_ms_p50: at(0.5),
    script_ms_p95: at(0.95),
    script_ms_max: at(1 - 1e-9),
  };
}

const url = process.argv[2];
if (url === undefined) {
  console.error('Which server? Give its address: npm run bench -w @lifeverse/play -- http://127.0.0.1:8080');
  process.exitCode = 1;
} else {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  try {
    console.log(JSON.stringify(await measure(browser, url)));
  } finally {
    await browser.close();
  }
}
