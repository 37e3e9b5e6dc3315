const DAY_MS = 86_400_000;
/** Who is muted for longer is not told a date that they would not live to see. */
const NO_END_MS = 1_000 * DAY_MS;

/** For whoever is muted and spoke. `until`: null when it is not known. */
export function muteWords(until: Date | null, now: Date): string {
  const leftMs = until === null ? 0 : until.getTime() - now.getTime();
  if (until === null || leftMs <= 0) return 'You may not speak for a while: nobody heard that.';
  if (leftMs > NO_END_MS) return 'You may not speak here any more: nobody heard that.';
  // Up to the minute after: at the time that is named, it is over.
  const end = new Date(Math.ceil(until.getTime() / 60_000) * 60_000);
  const date: Intl.DateTimeFormatOptions = leftMs < DAY_MS / 2 ? {} : { day: 'numeric', month: 'long' };
  const at = new Intl.DateTimeFormat('en-GB', { ...date, hour: '2-digit', minute: '2-digit' }).format(end);
  return `You may not speak until ${at}: nobody heard that.`;
}
