import type { Waiting } from '@lifeverse/client';

const reasons: Readonly<Record<Waiting['why'], string>> = {
  full: 'Every place in the world is taken just now. As soon as someone leaves, the next in line steps in.',
  busy: 'Many want in at the same moment. They are let in one after the other, so that it stays pleasant inside.',
  unreachable:
    'The server cannot reach what it keeps of everyone at the moment. Nothing is lost, your place is kept, and you come in as soon as it can.',
};

export function reasonOf(why: Waiting['why']): string {
  return reasons[why];
}

/** How long, in words one would use; never more exact than it is known. */
export function estimateWords(estimate: Waiting['estimateMs']): string {
  if (estimate === null) return 'How long it takes cannot be said just now.';
  const { least, most } = estimate;
  if (most === null)
    return least < 60_000 ? 'How long it takes cannot be said yet.' : `It takes at least ${span(least, Math.floor)}.`;
  if (most < 10_000) return 'Only a few seconds more.';
  const [from, to] = [span(least, Math.floor, most), span(most, Math.ceil)];
  if (least < 5_000) return `Less than ${to}.`;
  return from === to ? `About ${to}.` : `Between ${from} and ${to}.`;
}

/** When to try again, exactly as long as a refusal says: a second sooner is refused again. */
export function waitWords(seconds: number): string {
  if (seconds <= 90) return `Try again in ${counted(seconds, 'second')}.`;
  return `Try again in ${counted(Math.ceil(seconds / 60), 'minute')}.`;
}

export function positionWords(position: number): string {
  return position === 1 ? 'You are next.' : `${position - 1} ${position === 2 ? 'is' : 'are'} before you.`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** `scale`: a time that decides in which unit both ends of a range are said. */
function span(ms: number, round: (value: number) => number, scale = ms): string {
  if (scale < 2 * MINUTE_MS) return counted(Math.max(5, round(ms / 5_000) * 5), 'second');
  if (scale < 2 * HOUR_MS) return counted(Math.max(1, round(ms / MINUTE_MS)), 'minute');
  return counted(Math.max(1, round(ms / HOUR_MS)), 'hour');
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
