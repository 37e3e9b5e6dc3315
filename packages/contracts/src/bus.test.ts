import { expect, it } from 'vitest';
import { type BusRole, busRights, subjects } from './bus.ts';

it('no two kinds of word share a subject', () => {
  const all = [
    ...[1, 2].flatMap((zone) => [
      subjects.uplink(zone),
      subjects.truth(zone),
      subjects.truthWanted(zone),
      subjects.deskAnswer(zone),
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
  ];
  expect(new Set(all).size).toBe(all.length);
  for (const subject of all) expect(subject).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/);
});

it('each role may say what is its own, and hears what is said to it', () => {
  expect(busRights('zone')).toEqual({
    publish: ['gateway.*.bundle', 'zone.*.neighbour', 'backend.desk', 'ownership', 'telemetry', 'zone.*.truth'],
    subscribe: [
      'zone.*.uplink',
      'zone.*.neighbour',
      'zone.*.desk',
      'ownership',
      'zone.*.truth-wanted',
      'toggles',
      'content',
    ],
  });
  expect(busRights('supervisor')).toEqual({ publish: [], subscribe: ['ownership', 'telemetry'] });
  const speakers = (['gateway', 'zone', 'backend'] satisfies BusRole[]).flatMap((role) => busRights(role).publish);
  expect(speakers.filter((subject) => subject !== 'telemetry')).toHaveLength(Object.keys(subjects).length - 1);
});
