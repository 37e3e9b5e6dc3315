import { ManualClock } from '@lifeverse/base';
import { expect, it } from 'vitest';
import { type FannedOut, FanOutPump } from './fan-out-pump.ts';

/** As much of a core as the pump uses: each bundle takes as many slices as its first byte says. */
function slowCore(clock: ManualClock) {
  const did: string[] = [];
  let slices = 0;
  const core: FannedOut = {
    bundle: (bytes: Uint8Array) => {
      slices = bytes[0] as number;
      did.push(`bundle ${bytes[1]}`);
    },
    fanOut: (maxWrites: number) => {
      did.push(`slice of ${maxWrites}`);
      clock.advanceTo(clock.nowMs() + 5);
      return --slices > 0;
    },
  };
  return { did, core };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('writes a bundle in slices, a turn of the event loop between two, and measures from its arrival to the last', async () => {
  const clock = new ManualClock();
  const { core, did } = slowCore(clock);
  const pump = new FanOutPump(core, clock);
  pump.bundle(Uint8Array.of(3, 1));
  expect(did).toEqual(['bundle 1', 'slice of 256']);
  await turn();
  expect(did).toHaveLength(3);
  await turn();
  expect(did).toHaveLength(4);
  await turn();
  expect([did.length, pump.takeSamples(), pump.takeSamples()]).toEqual([4, [15], []]);
});

it('lets two bundles of each zone wait: several zones speak in every tick', async () => {
  const clock = new ManualClock();
  const did: string[] = [];
  let more = false;
  const fanOut = (): boolean => {
    more = !more;
    return more;
  };
  const pump = new FanOutPump({ bundle: (bytes) => did.push(bytes.join(' ')), fanOut }, clock);
  const kind = 0x61;
  for (const tick of [1, 2, 3]) for (const zone of [1, 2, 3, 4]) pump.bundle(Uint8Array.of(kind, zone, tick));
  for (let i = 0; i < 30; i++) await turn();
  const taken = (zone: number): string => did.filter((bytes) => bytes.startsWith(`${kind} ${zone} `)).join();
  expect([taken(2), taken(4), pump.dropped]).toEqual([`${kind} 2 2,${kind} 2 3`, `${kind} 4 2,${kind} 4 3`, 3]);
});

it('lets two bundles wait, and drops the oldest of more', async () => {
  const clock = new ManualClock();
  const { core, did } = slowCore(clock);
  const pump = new FanOutPump(core, clock);
  for (let i = 1; i <= 5; i++) pump.bundle(Uint8Array.of(2, i));
  for (let i = 0; i < 12; i++) await turn();
  expect(did.filter((what) => what.startsWith('bundle'))).toEqual(['bundle 1', 'bundle 4', 'bundle 5']);
  expect(pump.dropped).toBe(2);
  expect(pump.takeSamples()).toEqual([10, 15, 25]);
});

it('[GW25] while no bundle comes, writes in slices what is to be told all the same, and leaves a bundle alone that is being written', async () => {
  const clock = new ManualClock();
  const { core, did } = slowCore(clock);
  const pump = new FanOutPump(core, clock);
  pump.bundle(Uint8Array.of(2, 1));
  pump.whileSilent();
  expect(did).toEqual(['bundle 1', 'slice of 256']);
  await turn();
  expect(did).toHaveLength(3);
  pump.whileSilent();
  expect([did.length, pump.takeSamples()]).toEqual([4, [10]]);
});
