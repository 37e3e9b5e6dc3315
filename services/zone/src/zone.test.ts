import {
  type DeskOutcome,
  decodeBundle,
  decodeDeskRequest,
  decodeTruth,
  encodeDeskAnswer,
  encodeStored,
  encodeTruthWanted,
  subjects,
  UplinkWriter,
} from '@lifeverse/contracts';
import { choice, defineWorld, heading, plain, vec2, walker } from '@lifeverse/definition';
import { createLog, decodeTelemetry, LocalBus, SystemClock } from '@lifeverse/node-kit';
import { type ServedWorld, serve, system } from '@lifeverse/world';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startZone } from './zone.ts';

const TICK_HZ = 50;
const world = defineWorld({
  name: 'lawn',
  tickHz: TICK_HZ,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: TICK_HZ, radiusM: 0.3, paceMps: { stand: 0, walk: 2 } }),
    },
  },
});
type Definition = (typeof world)['definition'];

/** A zone with one entity in it, whose turn in every tick is `turn`. */
async function start(turn: () => void = () => undefined, keeps = false) {
  const bus = new LocalBus();
  const clock = new SystemClock();
  const logLines: string[] = [];
  const served = serve(world, {
    populate: ({ spawn }) => {
      spawn('duck', { x: 10, y: 20 });
    },
    systems: [system<Definition>({}, turn)],
  });
  const zone = await startZone({
    zone: 1,
    epoch: 1,
    seed: 1,
    served: served as unknown as ServedWorld,
    worldOptions: {},
    keeps,
    bus,
    clock,
    log: createLog({ role: 'zone', level: 'info', stream: { write: (line) => logLines.push(line) } }),
  });
  onTestFinished(() => zone.stop());
  return { bus, clock, zone, logLines };
}

/** Collects from a subject until there are so many, saying meanwhile that a gateway is here. */
function collect<T>(bus: LocalBus, subject: string, decode: (bytes: Uint8Array) => T, count: number): Promise<T[]> {
  return new Promise((resolve) => {
    const heard: T[] = [];
    const end = bus.subscribe(subject, (bytes) => {
      if (heard.push(decode(bytes)) < count) return;
      end();
      resolve(heard);
    });
    bus.publish(subjects.uplink(1), new UplinkWriter('gateway-1', 1).take());
  });
}

/** Answers loads, and checkpoints when there is an answer for them. */
function answerDesk(bus: LocalBus, loaded: DeskOutcome, saved?: DeskOutcome): void {
  bus.subscribe(subjects.desk, (bytes) => {
    const { zone, epoch, number, kind } = decodeDeskRequest(bytes) as NonNullable<ReturnType<typeof decodeDeskRequest>>;
    const outcome = kind === 'load' ? loaded : saved;
    if (kind !== 'presence' && outcome !== undefined)
      bus.publish(subjects.deskAnswer(zone), encodeDeskAnswer({ zone, epoch, number, outcome }));
  });
}

describe('a zone', () => {
  it('sends a bundle for every tick, at its number of periods; what the machine had no time for is counted', async () => {
    const { bus, clock } = await start();
    const bundles = await collect(
      bus,
      subjects.bundle('gateway-1'),
      (bytes) => [decodeBundle(bytes)?.tick, clock.nowMs()],
      20,
    );
    const [report] = await collect(bus, subjects.telemetry, decodeTelemetry, 1);
    const ticks = bundles.map(([tick]) => tick as number);
    const [first, last] = [ticks[0] as number, ticks.at(-1) as number];
    expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    expect(last - first + 1 - ticks.length).toBeLessThanOrEqual(report?.counters.ticks_skipped as number);
    for (const [tick, arrivedMs] of bundles)
      expect(arrivedMs).toBeGreaterThanOrEqual((tick as number) * (1_000 / TICK_HZ));
  });

  it('tells the truth to who asks for it', async () => {
    const { bus } = await start();
    bus.publish(subjects.truthWanted(1), encodeTruthWanted([1, 77]));
    const [record] = await collect(bus, subjects.truth(1), decodeTruth, 1);
    expect(record?.entities).toEqual([{ id: 1, xMm: 10_000, yMm: 20_000 }]);
    bus.publish(subjects.truthWanted(1), Uint8Array.of(0xff));
    await collect(bus, subjects.truth(1), decodeTruth, 1);
  });

  it('skips and counts what a pause of its thread took, and goes on', async () => {
    const { bus } = await start();
    await collect(bus, subjects.bundle('gateway-1'), decodeBundle, 1);
    const pauseMs = 200;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    const bundles = await collect(bus, subjects.bundle('gateway-1'), decodeBundle, 5);
    const ticks = bundles.map((bundle) => bundle?.tick as number);
    expect(ticks.map((tick) => tick - (ticks[0] as number))).toEqual([0, 1, 2, 3, 4]);
    const [report] = await collect(bus, subjects.telemetry, decodeTelemetry, 1);
    expect(report?.counters.ticks_skipped).toBeGreaterThanOrEqual(pauseMs / (1_000 / TICK_HZ) - 4);
    expect(report?.samples.tick_lateness_ms?.length).toBe(report?.samples.step_ms?.length);
  });

  it('slows time down when ticks are skipped, rather than stutter', async () => {
    const { bus, logLines } = await start(() => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    });
    let rate = 256;
    while (rate === 256) {
      const [bundle] = await collect(bus, subjects.bundle('gateway-1'), decodeBundle, 1);
      rate = bundle?.rate as number;
    }
    expect(rate).toBeLessThan(256);
    expect(logLines.join()).toContain('the rate of time changed');
  });

  it('lives on when its rules throw, and says so once a second', async () => {
    const { bus, logLines } = await start(() => {
      throw new Error('quack');
    });
    await collect(bus, subjects.bundle('gateway-1'), decodeBundle, 10);
    expect(logLines.filter((line) => line.includes('quack'))).toHaveLength(1);
  });

  it('asks the desk for the character of who comes, and hears its answer', async () => {
    const { bus } = await start(undefined, true);
    const uplink = new UplinkWriter('gateway-1', 1);
    uplink.add({ op: 'attach', session: 1, character: 'ann', incarnation: 2, name: 'Ann' });
    const stored = encodeStored({
      incarnation: 1,
      handovers: 1,
      zone: null,
      checkpoint: { xMm: 31_000, yMm: 32_000, kept: new Uint8Array(0) },
    });
    answerDesk(bus, { kind: 'done', body: stored });
    bus.publish(subjects.uplink(1), uplink.take());
    const entity = await new Promise<number>((resolve) => {
      bus.subscribe(subjects.bundle('gateway-1'), (bytes) => {
        const attached = decodeBundle(bytes)?.sessions[0]?.attached;
        if (attached !== undefined) resolve(attached.entity);
      });
    });
    bus.publish(subjects.truthWanted(1), encodeTruthWanted([entity]));
    const [record] = await collect(bus, subjects.truth(1), decodeTruth, 1);
    expect(record?.entities).toEqual([{ id: entity, xMm: 31_000, yMm: 32_000 }]);
  });

  it('[WO20] stops when another has taken it, and says so', async () => {
    const { bus, logLines } = await start(undefined, true);
    const uplink = new UplinkWriter('gateway-1', 1);
    uplink.add({ op: 'attach', session: 1, character: 'ann', incarnation: 1, name: 'Ann' });
    const newcomer = encodeStored({ incarnation: 0, handovers: 0, zone: null, checkpoint: null });
    answerDesk(bus, { kind: 'done', body: newcomer }, { kind: 'refused', code: 'zone_replaced' });
    bus.publish(subjects.uplink(1), uplink.take());
    const stopped = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (!logLines.join().includes('another server has taken this zone')) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    await stopped;
    const heard: unknown[] = [];
    bus.subscribe(subjects.bundle('gateway-1'), (bytes) => heard.push(bytes));
    const { bus: elsewhere } = await start();
    await collect(elsewhere, subjects.bundle('gateway-1'), decodeBundle, 4);
    expect(heard).toEqual([]);
  });

  it('says nothing once it is stopped', async () => {
    const { bus, zone } = await start();
    await collect(bus, subjects.bundle('gateway-1'), decodeBundle, 1);
    await zone.stop();
    const heard: unknown[] = [];
    bus.subscribe(subjects.bundle('gateway-1'), (bytes) => heard.push(bytes));
    const { bus: elsewhere } = await start();
    await collect(elsewhere, subjects.bundle('gateway-1'), decodeBundle, 4);
    expect(heard).toEqual([]);
  });
});
