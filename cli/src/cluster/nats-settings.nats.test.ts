import { type BusRole, busRights, subjects } from '@lifeverse/contracts';
import { NatsBus } from '@lifeverse/node-kit';
import { TestNats } from '@lifeverse/node-kit/test-nats';
import { expect, it, onTestFinished } from 'vitest';
import { busRoles, natsSettings } from './nats-settings.ts';

const prefix = 'lifeverse';
const passwords = { backend: 'b', zone: 'z', gateway: 'g', supervisor: 's' } as const;

interface Member {
  readonly bus: NatsBus;
  readonly refused: string[];
}

async function cluster(): Promise<Record<BusRole, Member>> {
  const server = await TestNats.start(natsSettings({ prefix, passwords }));
  const members = busRoles.map(async (name) => {
    const refused: string[] = [];
    const user = { name, password: passwords[name] };
    const onRefused = (what: string): number => refused.push(what);
    const bus = await NatsBus.connect({ servers: [server.url], name, prefix, user, onRefused });
    onTestFinished(() => bus.close());
    return [name, { bus, refused }] as const;
  });
  return Object.fromEntries(await Promise.all(members)) as Record<BusRole, Member>;
}

/** A subject of those that `*` stands for. */
const one = (subject: string): string => subject.replace('*', '1');

it('each role can say all that is its own, to all whom it is for', async () => {
  const members = await cluster();
  for (const role of busRoles) {
    for (const subject of busRights(role).publish.map(one)) {
      const listeners = busRoles.filter((other) => busRights(other).subscribe.map(one).includes(subject));
      const heard = listeners.map(
        (other) =>
          new Promise<void>((resolve) => {
            members[other].bus.subscribe(subject, () => resolve());
          }),
      );
      const saying = setInterval(() => members[role].bus.publish(subject, Uint8Array.of(1)), 5);
      await Promise.all(heard);
      clearInterval(saying);
    }
  }
  expect(busRoles.flatMap((role) => members[role].refused)).toEqual([]);
});

it('a role that says what is not its own is not heard, and is told so', async () => {
  const { zone, gateway, backend, supervisor } = await cluster();
  const heard: string[] = [];
  for (const subject of [subjects.toggles, subjects.bundle('1'), subjects.expulsion])
    gateway.bus.subscribe(subject, (bytes) => heard.push(`${subject} ${bytes[0]}`));
  const told = (bytes: number) => heard.some((line) => line.endsWith(` ${bytes}`));
  await said(backend.bus, subjects.toggles, 1, () => told(1));
  await said(zone.bus, subjects.bundle('1'), 2, () => told(2));
  const forged = [subjects.toggles, subjects.expulsion, subjects.uplink(1), subjects.deskAnswer(1)];
  for (const subject of forged) zone.bus.publish(subject, Uint8Array.of(3));
  gateway.bus.publish(subjects.bundle('1'), Uint8Array.of(3));
  supervisor.bus.publish(subjects.telemetry, Uint8Array.of(3));
  await expect
    .poll(() => zone.refused, { timeout: 10_000 })
    .toEqual(forged.map((subject) => `publish ${prefix}.${subject}`));
  await expect.poll(() => gateway.refused, { timeout: 10_000 }).toEqual([`publish ${prefix}.${subjects.bundle('1')}`]);
  await expect.poll(() => supervisor.refused, { timeout: 10_000 }).toEqual([`publish ${prefix}.${subjects.telemetry}`]);
  await said(zone.bus, subjects.bundle('1'), 4, () => told(4));
  expect(told(3)).toBe(false);
});

async function said(bus: NatsBus, subject: string, byte: number, heard: () => boolean): Promise<void> {
  const saying = setInterval(() => bus.publish(subject, Uint8Array.of(byte)), 5);
  await expect.poll(heard, { timeout: 10_000 }).toBe(true);
  clearInterval(saying);
}
