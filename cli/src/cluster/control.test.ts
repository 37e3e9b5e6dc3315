import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askSupervisor, supervisedRoles } from './ask.ts';
import { type ControlOptions, takeOrders } from './control.ts';
import { orderOf, ordersFolder, ordersPath } from './orders.ts';

const cluster = 'lifeverse';

function dataFolder(): string {
  const data = mkdtempSync(join(tmpdir(), 'lifeverse-orders-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  return data;
}

/** A supervisor that takes orders in a folder of its own. */
async function supervisor(carryOut: ControlOptions['carryOut']): Promise<{ data: string; end(): void }> {
  const data = dataFolder();
  const end = await takeOrders({ data, cluster, carryOut });
  onTestFinished(end);
  return { data, end };
}

it('an order is carried out, and what goes on is told to whoever gave it', async () => {
  const told: string[] = [];
  const { data } = await supervisor(async (order, tell) => {
    tell(`told ${JSON.stringify(order)}`);
    return 'roles' in order ? { roles: ['backend'] } : { replaced: 2 };
  });
  const asking = { told: (line: string) => told.push(line) };
  expect(await askSupervisor({ data, cluster }, { replace: ['zone'] }, asking)).toEqual({ replaced: 2 });
  expect(told).toEqual(['told {"replace":["zone"]}']);
  expect(await supervisedRoles({ data, cluster })).toEqual(['backend']);
});

it('why it is not is one sentence, also where no supervisor is, and when it ends', async () => {
  const { data, end } = await supervisor(async (order) => {
    if ('roles' in order) throw new Error('not now');
    return new Promise(() => end());
  });
  const asking = { told: () => undefined };
  const of = { data, cluster };
  await expect(askSupervisor(of, { roles: true }, asking)).rejects.toThrow('not now');
  await expect(askSupervisor({ data, cluster: 'other' }, { roles: true }, asking)).rejects.toThrow(
    `No cluster "other" runs on ${data}: name its folder with --data, and its name with --cluster.`,
  );
  await expect(askSupervisor(of, { replace: [] }, asking)).rejects.toThrow('The cluster has ended meanwhile.');
  expect(await supervisedRoles(of)).toEqual([]);
});

it('who hangs up is noticed', async () => {
  const hung = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { data } = await supervisor((_order, _tell, signal) => {
    signal.addEventListener('abort', () => hung.resolve());
    begun.resolve();
    return new Promise(() => undefined);
  });
  const ending = new AbortController();
  const asked = askSupervisor(
    { data, cluster },
    { replace: ['zone'] },
    { told: () => undefined, signal: ending.signal },
  );
  asked.catch(() => undefined);
  await begun.promise;
  ending.abort();
  await expect(asked).rejects.toThrow('aborted');
  await hung.promise;
});

it("who is gone without having read what they were told is nobody else's matter", async () => {
  const hung = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { data } = await supervisor(async (order, tell, signal) => {
    if ('roles' in order) return { roles: ['backend'] };
    tell('one');
    tell('another');
    signal.addEventListener('abort', () => hung.resolve());
    begun.resolve();
    return new Promise(() => undefined);
  });
  const killed = connect(ordersPath(ordersFolder(data), cluster)).pause();
  killed.write('{"replace":["zone"]}\n');
  await begun.promise;
  // What lies there unread is what breaks the connection at its other end.
  killed.destroy();
  await hung.promise;
  expect(await supervisedRoles({ data, cluster })).toEqual(['backend']);
});

it('a supervisor that is killed before it has read everything has ended as well', async () => {
  const data = dataFolder();
  const reached: Socket[] = [];
  const killed = createServer({ pauseOnConnect: true }, (socket) => {
    reached.push(socket);
    socket.write('{"told":"begun"}\n');
  });
  mkdirSync(ordersFolder(data));
  killed.listen(ordersPath(ordersFolder(data), cluster));
  onTestFinished(() => void killed.close());
  await once(killed, 'listening');
  const told = (): void => void reached[0]?.destroy();
  await expect(askSupervisor({ data, cluster }, { replace: ['zone'] }, { told })).rejects.toThrow(
    'The cluster has ended meanwhile.',
  );
});

it.each(['', 'dance', '[]', '{"replace":"zone"}', '{"replace":["nats"]}', `{"replace":["${'x'.repeat(2_000)}"]}`])(
  '%j is no order',
  (line) => {
    expect(() => orderOf(line)).toThrow('does not know that order');
  },
);
