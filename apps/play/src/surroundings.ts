import type { Avatar } from './scene/avatar.ts';

const compass = ['east', 'north-east', 'north', 'north-west', 'west', 'south-west', 'south', 'south-east'] as const;

export function directionOf(dx: number, dy: number): string {
  return compass[(Math.round((Math.atan2(dy, dx) / Math.PI) * 4) + 8) % 8] as string;
}

/** The nearest other within metres; null when nobody is. */
export function nearestTo(own: Avatar, avatars: Iterable<Avatar>, withinM: number): Avatar | null {
  let best: Avatar | null = null;
  let bestDistance = withinM * withinM;
  for (const avatar of avatars) {
    if (avatar === own) continue;
    const dx = avatar.x - own.x;
    const dy = avatar.y - own.y;
    if (dx * dx + dy * dy < bestDistance) [best, bestDistance] = [avatar, dx * dx + dy * dy];
  }
  return best;
}

/** Who is near and where, in a sentence; for who does not see the picture. */
export function describeSurroundings(own: Avatar, avatars: Iterable<Avatar>): string {
  const near: { avatar: Avatar; distance: number }[] = [];
  for (const avatar of avatars) {
    const distance = Math.hypot(avatar.x - own.x, avatar.y - own.y);
    if (avatar !== own && distance < 25) near.push({ avatar, distance });
  }
  if (near.length === 0) return 'Nobody is near you.';
  near.sort((a, b) => a.distance - b.distance);
  const named = near.slice(0, 3).map(({ avatar, distance }) => {
    const who = avatar.person.name ?? 'someone';
    const metres = Math.max(1, Math.round(distance));
    const unit = metres === 1 ? 'metre' : 'metres';
    return `${who}, ${metres} ${unit} to the ${directionOf(avatar.x - own.x, avatar.y - own.y)}`;
  });
  const others = near.length - named.length;
  return `Near you: ${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}.`;
}
