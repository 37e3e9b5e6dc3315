import { expect, it } from 'vitest';
import { UpgradeResponse } from './upgrade-response.ts';

const answer = Buffer.concat([
  Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  Buffer.of(0x82, 1, 7),
]);
const headBytes = answer.length - 3;

it('finds the first frames behind the head, wherever the answer is cut', () => {
  for (let cut = 1; cut < answer.length; cut++) {
    const response = new UpgradeResponse();
    const first = response.feed(answer.subarray(0, cut));
    if (cut < headBytes) {
      expect(first).toEqual({ kind: 'open' });
      expect(response.feed(answer.subarray(cut))).toEqual({ kind: 'upgraded', rest: Buffer.of(0x82, 1, 7) });
    } else expect(first).toEqual({ kind: 'upgraded', rest: answer.subarray(headBytes, cut) });
  }
});

it.each([
  ['HTTP/1.1 404 Not Found\r\n\r\n', 'the WebSocket was answered with HTTP 404'],
  ['HTTP/1.1 1010 Odd\r\n\r\n', 'the WebSocket was answered with something else'],
  ['220 mail.example ESMTP\r\n\r\n', 'the WebSocket was answered with something else'],
  ['x'.repeat(9_000), 'the WebSocket was answered with something else'],
])('refuses %j', (text, why) => {
  expect(new UpgradeResponse().feed(Buffer.from(text))).toEqual({ kind: 'refused', why });
});
