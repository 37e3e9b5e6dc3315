import { expect, it } from 'vitest';
import { decodeGatewayNotice, encodeGatewayNotice, isGatewayAddress } from './gateway-notice.ts';

const said = { name: 'gateway-1', leaves: false, region: 'eu-west', players: 12 };

it.each([
  'https://eu-1.play.example',
  'https://play.example:8443',
  'http://127.0.0.1:8080',
  'http://[::1]:8080',
  'http://localhost',
  'http://gateway_1:8080',
])('%s can be told, and comes as it was said', (address) => {
  expect(isGatewayAddress(address)).toBe(true);
  for (const leaves of [false, true]) {
    const notice = { address, name: 'gateway-1', leaves, region: leaves ? 'eu-west' : '', players: 1_234 };
    expect(decodeGatewayNotice(encodeGatewayNotice(notice))).toEqual(notice);
  }
});

it.each([
  ['nothing', ''],
  ['a path', 'https://play.example/'],
  ['a query', 'https://play.example?a'],
  ['a name and a password', 'https://ann:hush@play.example'],
  ['upper case', 'https://Play.example'],
  ['the port of its protocol', 'https://play.example:443'],
  ['no port', 'https://play.example:99999'],
  ['another protocol', 'ws://play.example'],
  ['a script', 'javascript:alert(1)'],
  ['any host, as a policy would take it', 'https://*'],
  ['any host of a domain', 'https://*.example'],
  ['a further directive of a policy', 'https://a;script-src'],
  ['a further entry of a list', 'https://a,https'],
  ['a further line', 'https://a\r\nset-cookie'],
  ['a quote', "https://'unsafe-inline'"],
  ['white space', 'https://a b'],
  ['every address of a machine', 'http://0.0.0.0:8080'],
  ['every address of a machine, as IPv6', 'http://[::]:8080'],
  ['a number for a host', 'http://2130706433'],
  ['too much', `https://${'a.'.repeat(130)}example`],
])('an address with %s is none', (_what, address) => {
  expect(isGatewayAddress(address)).toBe(false);
  expect(decodeGatewayNotice(encodeGatewayNotice({ address, ...said }))).toBeUndefined();
});

it('other bytes are no notice, nor any that are cut', () => {
  const notice = encodeGatewayNotice({ address: 'https://play.example', ...said });
  for (let length = 0; length < notice.length; length++)
    expect(decodeGatewayNotice(notice.subarray(0, length))).toBeUndefined();
  const wrong = notice.slice();
  wrong[wrong.length - said.region.length - 3] = 2;
  expect(decodeGatewayNotice(wrong)).toBeUndefined();
  // A later version may say more.
  expect(decodeGatewayNotice(Uint8Array.of(...notice, 7))).toEqual({ address: 'https://play.example', ...said });
});
