import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { busContract, reached } from './bus-contract.ts';
import { LocalBus } from './local-bus.ts';
import { PortBus } from './port-bus.ts';

busContract('within a thread', (lose) => {
  const bus = new LocalBus(lose ? { lose } : {});
  return { publisher: bus, subscriber: bus };
});

busContract('over a MessagePort', (lose) => {
  const { port1, port2 } = new MessageChannel();
  return { publisher: new PortBus([port1], lose ? { lose } : {}), subscriber: new PortBus([port2]) };
});

it('drops what finds the local queue full, and counts it', async () => {
  const bus = new LocalBus({ capacity: 3 });
  const heard: number[] = [];
  bus.subscribe('a', (bytes) => heard.push(bytes[0] as number));
  for (let i = 0; i < 5; i++) bus.publish('a', Uint8Array.of(i));
  await new Promise((resolve) => setImmediate(resolve));
  expect([heard, bus.dropped]).toEqual([[0, 1, 2], 2]);
});

it('moves bytes that nobody else needs to the other thread, and copies all others', async () => {
  const { port1, port2 } = new MessageChannel();
  const here = new PortBus([port1]);
  const there = new PortBus([port2]);
  const heard: number[] = [];
  there.subscribe('a', (bytes) => heard.push(bytes.length));
  await reached(here, there);
  const whole = new Uint8Array(100);
  const part = new Uint8Array(100).subarray(10);
  here.publish('a', whole);
  here.publish('a', part);
  const end = here.subscribe('a', () => undefined);
  const shared = new Uint8Array(100);
  here.publish('a', shared);
  end();
  await reached(here, there);
  expect(heard).toEqual([100, 90, 100]);
  expect([whole.length, part.length, shared.length]).toEqual([0, 90, 100]);
  here.close();
  there.close();
});

it('loses what a blocked thread has no room for, and delivers again when it reads', async () => {
  const { port1, port2 } = new MessageChannel();
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `import { workerData } from 'node:worker_threads';
     import { PortBus } from ${JSON.stringify(import.meta.resolve('./port-bus.ts'))};
     const bus = new PortBus([workerData.port]);
     bus.subscribe('block', () => Atomics.wait(workerData.gate, 0, 0));
     bus.subscribe('a', (bytes) => bus.publish('echo', bytes));`,
    { eval: true, workerData: { port: port2, gate }, transferList: [port2 as MessagePort] },
  );
  const bus = new PortBus([port1], { maxUntakenBytes: 1_000 });
  const echoes: number[] = [];
  let heard = (_first: number): void => undefined;
  bus.subscribe('echo', (bytes) => {
    echoes.push(bytes[0] as number);
    heard(bytes[0] as number);
  });
  const echoed = async (first: number): Promise<void> => {
    const asking = setInterval(() => bus.publish('a', Uint8Array.of(first)), 1);
    await new Promise<void>((resolve) => {
      heard = (other) => other === first && resolve();
    });
    clearInterval(asking);
  };
  await echoed(0);
  bus.publish('block', Uint8Array.of(1));
  for (let i = 0; i < 50; i++) bus.publish('a', new Uint8Array(100).fill(1));
  const lost = bus.dropped;
  expect(lost).toBeGreaterThanOrEqual(40);
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  await echoed(2);
  expect(echoes.filter((first) => first === 1)).toHaveLength(50 - lost);
  bus.close();
  await worker.terminate();
});
