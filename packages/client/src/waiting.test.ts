import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineWorld, heading, plain, vec2 } from '@lifeverse/definition';
import { expect, it, onTestFinished } from 'vitest';
import { connect, type LifeverseError, type SocketLike, type Waiting } from './index.ts';

const world = defineWorld({
  name: 'lawn',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: { walk: { input: { towards: heading() } } },
});

class Socket implements SocketLike {
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  send(): void {}
  close(): void {}
}

type Answer = readonly [status: number, body: object];
const grant: Answer = [200, { ticket: 't', session: 's', name: 'Ada' }];

function wait(place: string, position: number, more: object = {}): Answer {
  return [
    202,
    { code: 'waiting', place, position, waiting: 9, why: 'full', retryAfterMs: 0, estimateMs: null, ...more },
  ];
}

/** A server that answers one after the other, and then like the last; what was asked, and what the player was told. */
async function rig(answers: readonly Answer[], options: Parameters<typeof connect>[2] = {}) {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const [status, body] = answers[Math.min(asked.length, answers.length - 1)] as Answer;
      asked.push(JSON.parse(text) as Record<string, unknown>);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const told: Waiting[] = [];
  const sockets: Socket[] = [];
  const leave = new AbortController();
  const joining = connect(world, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    onWaiting: (waiting) => told.push(waiting),
    openSocket: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    },
    signal: leave.signal,
    ...options,
  });
  const ended = joining.then(
    () => 'joined',
    (error: unknown) => error,
  );
  onTestFinished(() => {
    leave.abort();
    server.closeAllConnections();
    server.close();
  });
  return { asked, told, sockets, leave, ended };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

it('who has to wait is told so, asks again with the newest place, and comes in by itself', async () => {
  const estimateMs = { least: 1_000, most: 4_000 };
  const { asked, told, sockets } = await rig([wait('one', 2, { estimateMs }), wait('two', 1), grant], { name: 'Ada' });
  await expect.poll(() => sockets.length).toBe(1);
  expect(asked).toEqual([{ name: 'Ada' }, { name: 'Ada', place: 'one' }, { name: 'Ada', place: 'two' }]);
  expect(told).toEqual([
    { place: 'one', position: 2, waiting: 9, why: 'full', estimateMs },
    { place: 'two', position: 1, waiting: 9, why: 'full', estimateMs: null },
  ]);
});

it('goes on waiting where an earlier page did', async () => {
  const { asked, sockets } = await rig([wait('two', 1), grant], { place: 'one', session: 'mine' });
  await expect.poll(() => sockets.length).toBe(1);
  expect(asked[0]).toEqual({ session: 'mine', place: 'one' });
});

it.each(['place_invalid', 'place_expired', 'place_used'])('asks without a place that is no good: %s', async (code) => {
  const { asked, sockets } = await rig([[400, { code }], grant], { place: 'old', session: 'mine' });
  await expect.poll(() => sockets.length).toBe(1);
  expect(asked).toEqual([{ session: 'mine', place: 'old' }, { session: 'mine' }]);
});

it('keeps the place when the server asks for patience, or is gone for a moment', async () => {
  const { asked, sockets } = await rig([wait('one', 2), [503, { code: 'backend_unreachable' }], grant]);
  await expect.poll(() => sockets.length, { timeout: 10_000 }).toBe(1);
  expect(asked.map(({ place }) => place)).toEqual([undefined, 'one', 'one']);
});

it('comes back through the waiting room as well, with the session and without a used place', async () => {
  const { asked, told, sockets } = await rig([wait('one', 1), grant, wait('two', 7), grant]);
  await expect.poll(() => sockets.length).toBe(1);
  sockets[0]?.onclose?.({ code: 4040 });
  await expect.poll(() => sockets.length).toBe(2);
  expect(asked.slice(2)).toEqual([{ session: 's' }, { session: 's', place: 'two' }]);
  expect(told.at(-1)?.position).toBe(7);
});

it('stops waiting when told to', async () => {
  const { told, leave, ended } = await rig([wait('one', 3, { retryAfterMs: 40_000 })]);
  await expect.poll(() => told.length).toBe(1);
  leave.abort(new Error('enough'));
  expect(((await ended) as LifeverseError).message).toBe('enough');
});
