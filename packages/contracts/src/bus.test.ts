import { expect, it } from 'vitest';
import { type BusRole, busRights, subjects } from './bus.ts';

it('no two kinds of word share a subject', () => {
  const all = [
    ...[1, 2].flatMap((zone) => [
      subjects.uplink(zone),
      subjects.truth(zone),
      subjects.truthWanted(zone),
      subjects.deskAnswer(zone),
      subjects.copies(zone),
      subjects.copied(zone),
    ]),
    ...['g1', 'g2'].map(subjects.bundle),
    subjects.ownership,
    subjects.gateways,
    subjects.timeAsked,
    ...['g1', 'g2'].map(subjects.timeTold),
    subjects.telemetry,
    subjects.desk,
    subjects.expulsion,
    subjects.muting,
    subjects.toggles,
    subjects.content,
    subjects.cluster,
  ];
  expect(new Set(all).size).toBe(all.length);
  for (const subject of all) expect(subject).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/);
});

it('each role may say what is its own, and hears what is said to it', () => {
  expect(busRights('zone')).toEqual({
    publish: [
      'gateway.*.bundle',
      'zone.*.neighbour',
      'zone.*.copies',
      'zone.*.copied',
      'backend.desk',
      'ownership',
      'telemetry',
      'zone.*.truth',
      'cluster',
    ],
    subscribe: [
      'zone.*.uplink',
      'zone.*.neighbour',
      'zone.*.copies',
      'zone.*.copied',
      'zone.*.desk',
      'ownership',
      'plan',
      'zone.*.truth-wanted',
      'toggles',
      'content',
      'cluster',
    ],
  });
  expect(busRights('supervisor')).toEqual({
    publish: ['cluster'],
    subscribe: ['ownership', 'plan', 'telemetry', 'cluster'],
  });
  const speakers = (['gateway', 'zone', 'backend'] satisfies BusRole[]).flatMap((role) => busRights(role).publish);
  const shared: readonly string[] = [subjects.telemetry, subjects.cluster];
  expect(speakers.filter((subject) => !shared.includes(subject))).toHaveLength(
    Object.keys(subjects).length - shared.length,
  );
});
