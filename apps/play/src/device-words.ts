/** First what names itself as something else too. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'edge'],
  [/OPR\//, 'opera'],
  [/SamsungBrowser\//, 'samsung internet'],
  [/Firefox\/|FxiOS\//, 'firefox'],
  [/Chrome\/|CriOS\//, 'chrome'],
  [/Safari\//, 'safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, 'ios'],
  [/Android/, 'android'],
  [/Windows/, 'windows'],
  [/Mac OS X/, 'macos'],
  [/CrOS/, 'chromeos'],
  [/Linux/, 'linux'],
];
const spelled: Readonly<Partial<Record<string, string>>> = {
  on: 'on',
  ios: 'iOS',
  macos: 'macOS',
  chromeos: 'ChromeOS',
};

/** What this page runs on, as the server takes it: small letters. */
export function platformOf(userAgent: string): string {
  const first = (all: typeof browsers) => all.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [first(browsers) ?? 'browser', first(systems)].filter((part) => part !== undefined).join(' on ');
}

/** `Firefox on Linux`. */
export function deviceWords(platform: string): string {
  if (platform === '') return 'A device';
  return platform.replace(/[a-z0-9]+/g, (word) => spelled[word] ?? word.charAt(0).toUpperCase() + word.slice(1));
}

const MINUTE_MS = 60_000;
const units = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const;

/** `just now`, `3 hours ago`, `yesterday`. */
export function agoWords(fromMs: number, nowMs: number): string {
  const ms = nowMs - fromMs;
  for (const [unit, unitMs] of units)
    if (ms >= unitMs)
      return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(ms / unitMs), unit);
  return 'just now';
}
