import type { Bus } from '@lifeverse/contracts';
import { afterEach, describe, expect, it } from 'vitest';

export interface BusPair {
  readonly publisher: Bus;
  readonly subscriber: Bus;
}

/** What every bus promises; `connect` gives two places that may be the same one. `lose`: messages to be lost. */
export function busContract(
  name: string,
  connect: (lose?: (subject: string) => boolean) => BusPair | Promise<BusPair>,
): void {
  describe(`bus: ${name}`, () => {
    let open: BusPair[] = [];
    const start = async (lose?: (subject: string) => boolean): Promise<BusPair> => {
      const pair = await connect(lose);
      open.push(pair);
      return pair;
    };
    afterEach(() => {
      for (const { publisher, subscriber } of open) {
        publisher.close();
        subscriber.close();
      }
      open = [];
    });

    it('delivers to every subscriber of the subject, and to no other', async () => {
      const { publisher, subscriber } = await start();
      const heard: string[] = [];
      subscriber.subscribe('a', (bytes) => heard.push(`first ${bytes[0]}`));
      subscriber.subscribe('a', (bytes) => heard.push(`second ${bytes[0]}`));
      subscriber.subscribe('b', (bytes) => heard.push(`other ${bytes[0]}`));
      await reached(publisher, subscriber);
      publisher.publish('a', Uint8Array.of(7));
      await reached(publisher, subscriber);
      expect(heard).toEqual(['first 7', 'second 7']);
    });

    it('delivers to a subscriber beside the publisher', async () => {
      const { publisher } = await start();
      const heard = new Promise<number>((resolve) => publisher.subscribe('a', (bytes) => resolve(bytes[0] as number)));
      publisher.publish('a', Uint8Array.of(9));
      expect(await heard).toBe(9);
    });

    it('delivers plain bytes: a Buffer has other words for itself, and is not copied when it is sliced', async () => {
      const { publisher, subscriber } = await start();
      const heard = new Promise<Uint8Array>((resolve) => subscriber.subscribe('a', resolve));
      await reached(publisher, subscriber);
      publisher.publish('a', Uint8Array.of(1, 2, 3));
      const bytes = await heard;
      expect(Buffer.isBuffer(bytes)).toBe(false);
      expect(bytes.toString()).toBe('1,2,3');
    });

    it('never delivers within the call that publishes', async () => {
      const { publisher, subscriber } = await start();
      await reached(publisher, subscriber);
      let publishing = false;
      let within = 0;
      publisher.subscribe('a', () => {
        if (publishing) within++;
        if (within === 0) {
          publishing = true;
          publisher.publish('b', Uint8Array.of(1));
          publishing = false;
        }
      });
      publisher.subscribe('b', () => (within += publishing ? 1 : 0));
      publishing = true;
      publisher.publish('a', Uint8Array.of(1));
      publishing = false;
      await reached(publisher, subscriber);
      expect(within).toBe(0);
    });

    it('keeps the order of a publisher on a subject, and every byte', async () => {
      const { publisher, subscriber } = await start();
      const heard: Uint8Array[] = [];
      subscriber.subscribe('a', (bytes) => heard.push(bytes));
      await reached(publisher, subscriber);
      const slab = Uint8Array.from({ length: 2_000 }, (_, i) => i % 251);
      for (let i = 0; i < 100; i++)
        publisher.publish('a', i % 2 === 0 ? slab.slice(i, i + 900) : slab.subarray(i, i + 900));
      await reached(publisher, subscriber);
      expect(heard.map((bytes) => [...bytes])).toEqual(
        Array.from({ length: 100 }, (_, i) => [...slab.subarray(i, i + 900)]),
      );
    });

    it('leaves the bytes to the receiver', async () => {
      const { publisher, subscriber } = await start();
      const heard: Uint8Array[] = [];
      subscriber.subscribe('a', (bytes) => heard.push(bytes));
      await reached(publisher, subscriber);
      for (let i = 0; i < 10; i++) publisher.publish('a', new Uint8Array(64).fill(i));
      await reached(publisher, subscriber);
      expect(heard.map((bytes) => `${bytes.length} of ${bytes[0]} and ${bytes[63]}`)).toEqual(
        Array.from({ length: 10 }, (_, i) => `64 of ${i} and ${i}`),
      );
    });

    it('is silent after the subscription has ended, and after it is closed', async () => {
      const { publisher, subscriber } = await start();
      const heard: number[] = [];
      const end = subscriber.subscribe('a', (bytes) => heard.push(bytes[0] as number));
      await reached(publisher, subscriber);
      end();
      end();
      publisher.publish('a', Uint8Array.of(1));
      await reached(publisher, subscriber);
      subscriber.subscribe('a', (bytes) => heard.push(bytes[0] as number));
      await reached(publisher, subscriber);
      publisher.publish('a', Uint8Array.of(2));
      subscriber.close();
      await turns(20);
      expect(heard).toEqual([]);
      publisher.publish('a', Uint8Array.of(3));
    });

    it('can lose a message, and then delivers the next', async () => {
      let losing = 0;
      const { publisher, subscriber } = await start((subject) => subject === 'a' && losing++ === 1);
      const heard: number[] = [];
      subscriber.subscribe('a', (bytes) => heard.push(bytes[0] as number));
      await reached(publisher, subscriber);
      for (let i = 0; i < 4; i++) publisher.publish('a', Uint8Array.of(i));
      await reached(publisher, subscriber);
      expect(heard).toEqual([0, 2, 3]);
    });
  });
}

let probes = 0;

/** Returns once all that was said and subscribed before has reached the other side. */
export async function reached(publisher: Bus, subscriber: Bus): Promise<void> {
  const subject = `probe.${probes++}`;
  let heard = false;
  const end = subscriber.subscribe(subject, () => {
    heard = true;
  });
  while (!heard) {
    publisher.publish(subject, Uint8Array.of(0));
    await turns(1);
  }
  end();
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
