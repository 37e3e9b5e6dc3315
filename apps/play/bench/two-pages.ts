import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * Two real Chromium pages in one world: one walks by key presses, the other watches. Prints one JSON object: how long
 * after the walker's own page the watcher's page shows the same place (p50, p95, ms), and how far off that place is
 * (m). Both pages read the clock of one machine, so their moments compare. With a folder, a screenshot of each goes there.
 *   npm run two-pages -w @lifeverse/play -- http://127.0.0.1:8080 test-output
 */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const LEGS = ['d', 'a', 'd', 'a', 's', 'w', 's', 'w'] as const;
const LEG_MS = 900;
const SETTLE_MS = 10_000;

/** A place at a moment of the machine's clock, ms. */
interface Sample {
  readonly ms: number;
  readonly x: number;
  readonly y: number;
}

interface Watched {
  readonly lifeverse: {
    readonly client: {
      readonly me: { readonly id: number; readonly position: { x: number; y: number } } | null;
      entity(id: number): { readonly position: { x: number; y: number } } | undefined;
    } | null;
  };
  samples: Sample[];
}

async function enter(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 960, height: 600 } });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('#join-go').click();
  await page.waitForFunction(() => (globalThis as unknown as Watched).lifeverse?.client?.me != null);
  return page;
}

/** Notes in every frame where the page shows that entity; itself when `id` is its own. */
async function record(page: Page, id: number): Promise<void> {
  await page.evaluate((who) => {
    const shown = globalThis as unknown as Watched;
    shown.samples = [];
    const note = (): void => {
      const { client } = shown.lifeverse;
      const position = client?.me?.id === who ? client.me.position : client?.entity(who)?.position;
      if (position !== undefined)
        shown.samples.push({ ms: performance.timeOrigin + performance.now(), x: position.x, y: position.y });
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  }, id);
}

const samplesOf = (page: Page): Promise<Sample[]> => page.evaluate(() => (globalThis as unknown as Watched).samples);

/** Where the walker's page had it at that moment, between two of its frames. */
function placeAt(samples: readonly Sample[], ms: number): Sample | undefined {
  const after = samples.findIndex((sample) => sample.ms >= ms);
  if (after <= 0) return undefined;
  const [a, b] = [samples[after - 1] as Sample, samples[after] as Sample];
  const share = (ms - a.ms) / Math.max(0.001, b.ms - a.ms);
  return { ms, x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** The delay at which the two pages agree best over the last moments, and how far apart they are then. */
function compare(own: readonly Sample[], seen: readonly Sample[]): { delaysMs: number[]; errorsM: number[] } {
  const delaysMs: number[] = [];
  const errorsM: number[] = [];
  for (const sample of seen) {
    let best: { delayMs: number; errorM: number } | undefined;
    for (let delayMs = 0; delayMs <= 600; delayMs += 5) {
      const place = placeAt(own, sample.ms - delayMs);
      if (place === undefined) continue;
      const errorM = Math.hypot(place.x - sample.x, place.y - sample.y);
      if (best === undefined || errorM < best.errorM - 0.02) best = { delayMs, errorM };
    }
    if (best === undefined) continue;
    delaysMs.push(best.delayMs);
    errorsM.push(best.errorM);
  }
  return { delaysMs, errorsM };
}

function quantile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return Math.round((values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0) * 1_000) / 1_000;
}

async function measure(browser: Browser, url: string, folder: string | undefined): Promise<object> {
  const [walker, watcher] = await Promise.all([enter(browser, url), enter(browser, url)]);
  const id = await walker.evaluate(() => (globalThis as unknown as Watched).lifeverse.client?.me?.id ?? 0);
  await watcher.waitForFunction(
    (who) => (globalThis as unknown as Watched).lifeverse.client?.entity(who) !== undefined,
    id,
  );
  // What a page did while it was being set up is not what players feel afterwards.
  await walker.waitForTimeout(SETTLE_MS);
  await Promise.all([record(walker, id), record(watcher, id)]);
  for (const key of LEGS) {
    await walker.keyboard.down(key);
    await walker.waitForTimeout(LEG_MS);
    await walker.keyboard.up(key);
  }
  if (folder !== undefined) {
    await walker.screenshot({ path: `${folder}/walker.png` });
    await watcher.screenshot({ path: `${folder}/watcher.png` });
  }
  const [own, seen] = await Promise.all([samplesOf(walker), samplesOf(watcher)]);
  const { delaysMs, errorsM } = compare(own, seen);
  return {
    frames_walker: own.length,
    frames_watcher: seen.length,
    seen_after_ms_p50: quantile(delaysMs, 0.5),
    seen_after_ms_p95: quantile(delaysMs, 0.95),
    error_m_p95: quantile(errorsM, 0.95),
    error_m_max: quantile(errorsM, 1),
  };
}

const [url, folder] = process.argv.slice(2);
if (url === undefined) {
  console.error(
    'Which server? Give its address: npm run two-pages -w @lifeverse/play -- http://127.0.0.1:8080 [FOLDER]',
  );
  process.exitCode = 1;
} else {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  try {
    console.log(JSON.stringify(await measure(browser, url, folder)));
  } finally {
    await browser.close();
  }
}
