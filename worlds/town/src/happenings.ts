import { declareContent, type Fault, shape } from '@lifeverse/base';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;
const MOST = 50;
export const ANNOUNCEMENT_BYTES = 160;

interface Happening {
  readonly name: string;
  readonly starts: string;
  readonly ends: string;
  readonly announcement: string;
}

/** What is on in town, and when: a market day, fireworks. */
export const events = declareContent({
  shape: shape.list(
    shape.object({
      name: shape.text(64),
      starts: shape.text(32),
      ends: shape.text(32),
      announcement: shape.text(ANNOUNCEMENT_BYTES),
    }),
    MOST,
  ),
  initial: [],
  sentence: 'What is on in town, from when to when (RFC 3339), and what everyone is told while it is.',
  check: (all) => all.flatMap((event, index) => faultsOf(event, `/${index}`)),
});

function faultsOf({ name, starts, ends, announcement }: Happening, at: string): Fault[] {
  const faults: Fault[] = [];
  for (const [field, value] of Object.entries({ name, announcement }))
    if (value.trim() === '') faults.push({ at: `${at}/${field}`, why: 'must not be empty' });
  for (const [field, value] of Object.entries({ starts, ends }))
    if (Number.isNaN(instant(value)))
      faults.push({ at: `${at}/${field}`, why: 'must be an instant such as 2027-05-01T10:00:00Z' });
  if (instant(starts) >= instant(ends)) faults.push({ at: `${at}/ends`, why: 'must be after starts' });
  return faults;
}

function instant(text: string): number {
  return INSTANT.test(text) ? Date.parse(text) : Number.NaN;
}

/** What everyone is told at a moment: of what is on, what began last. Empty when nothing is. */
export function announcementAt(all: readonly Happening[], unixMs: number): string {
  const on = all.filter(({ starts, ends }) => instant(starts) <= unixMs && unixMs < instant(ends));
  return on.sort((a, b) => instant(b.starts) - instant(a.starts))[0]?.announcement ?? '';
}
