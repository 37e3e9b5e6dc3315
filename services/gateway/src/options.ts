import { isRegion } from '@lifeverse/contracts';
import { flag, integer, list, optionalText, text } from '@lifeverse/node-kit';

/** What an operator can set about a gateway. */
export const gatewayOptions = {
  port: integer({
    min: 0,
    max: 65_535,
    default: 8080,
    sentence: 'The port for page, WebSocket and metrics; 0 takes a free one.',
  }),
  host: text({
    expected: 'an address or a name of this machine',
    default: '127.0.0.1',
    accept: (value) => /^[\w.:%-]+$/.test(value),
    sentence: 'Where to listen; :: is every address of this machine.',
  }),
  tlsCert: optionalText({
    expected: 'the path of a file',
    sentence: 'The certificate chain (PEM); renewed files are taken into use without dropping anyone.',
  }),
  tlsKey: optionalText({ expected: 'the path of a file', sentence: 'The key of the certificate (PEM).' }),
  region: optionalText({
    expected: 'a name such as eu-west',
    accept: isRegion,
    sentence: 'Where this server stands: what toggles can be turned for.',
  }),
  allowedOrigins: list({
    expected: 'origins such as https://play.example, parted by commas',
    accept: (value) => URL.canParse(value) && new URL(value).origin === value,
    sentence: 'Pages of other origins that may join.',
  }),
  maxConnections: integer({ min: 1, max: 1_000_000, default: 20_000, sentence: 'TCP connections at a time.' }),
  handshakeMs: integer({
    min: 100,
    max: 60_000,
    default: 5_000,
    unit: 'ms',
    sentence: 'How long a connection may take to say what it wants, TLS included.',
  }),
  unjoinedPerAddress: integer({
    min: 1,
    max: 100_000,
    default: 64,
    sentence: 'Connections of one address (IPv6: of one /64) whose player has not joined.',
  }),
  ticketRate: integer({
    min: 1,
    max: 100_000,
    default: 10,
    unit: 'per second',
    sentence: 'Tickets to join for one address; four seconds of it at once.',
  }),
  limitLocal: flag({
    sentence:
      'Limits 127.0.0.1 and ::1 as any other address; they are exempt for a proxy or a load generator on this machine.',
  }),
} as const;
