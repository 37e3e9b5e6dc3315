import { expect, it } from 'vitest';
import { subjects } from './bus.ts';

it('no two kinds of word share a subject', () => {
  const all = [
    ...[1, 2].flatMap((zone) => [
      subjects.uplink(zone),
      subjects.truth(zone),
      subjects.truthWanted(zone),
      subjects.deskAnswer(zone),
    ]),
    ...['g1', 'g2'].map(subjects.bundle),
    subjects.telemetry,
    subjects.desk,
    subjects.expulsion,
    subjects.muting,
    subjects.toggles,
    subjects.content,
  ];
  expect(new Set(all).size).toBe(all.length);
  for (const subject of all) expect(subject).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/);
});
