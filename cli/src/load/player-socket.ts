import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { clientFrame } from './client-frame.ts';
import { FrameReader, opcode } from './frame-reader.ts';
import { causeOf } from './load-problem.ts';
import { UpgradeResponse } from './upgrade-response.ts';

export interface PlayerSocketEvents {
  opened(): void;
  /** One whole binary message; valid only during the call. */
  message(payload: Uint8Array): void;
  /** So many bytes of WebSocket frames came. */
  received(bytes: number): void;
  /** What came is no WebSocket frame that a server may send. */
  unreadable(why: string): void;
  /** The connection is gone: the close number, or null when there was none, and then why. Told once, and not after `close`. */
  ended(closeCode: number | null, why: string): void;
}

/**
 * The WebSocket of one player. Measured for 10,000 players on one core, where `ws` and reading at once leave nothing for
 * anything else: this one can leave what arrives in the kernel, and take the messages of half a second in one read.
 */
export class PlayerSocket {
  readonly #events: PlayerSocketEvents;
  readonly #reader: FrameReader;
  readonly #socket: Socket;
  #upgrade: UpgradeResponse | null = new UpgradeResponse();
  #over = false;
  #lazy = false;
  #closeCode: number | null = null;

  /** `server`: its address; the path of the socket is resolved against it. */
  constructor(server: URL, events: PlayerSocketEvents) {
    this.#events = events;
    this.#reader = new FrameReader({
      message: (payload) => events.message(payload),
      ping: (payload) => this.#send(opcode.pong, payload),
      closing: (code) => {
        this.#closeCode = code;
      },
      unreadable: (why) => {
        events.unreadable(why);
        this.#end(why);
      },
    });
    const url = new URL('ws', server);
    this.#socket = connectTo(url);
    this.#socket.write(handshake(url));
    this.#socket.on('data', (piece: Buffer) => this.#received(piece));
    this.#socket.on('error', (error) => this.#end(causeOf(error)));
    this.#socket.on('end', () => this.#end('the server ended the connection'));
    this.#socket.on('close', () => this.#end('the connection was closed'));
  }

  send(payload: Uint8Array): void {
    this.#send(opcode.binary, payload);
  }

  /** From now on what arrives waits in the kernel for `drain`. */
  beLazy(): void {
    this.#lazy = true;
    this.#socket.pause();
  }

  /** Reads what has arrived. */
  drain(): void {
    this.#socket.resume();
  }

  /** Ends the connection; nothing is told any more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.resume();
    if (this.#upgrade === null) this.#socket.write(clientFrame(opcode.close, CLOSE_NORMALLY));
    this.#socket.end();
    this.#socket.setTimeout(CLOSE_MS, () => this.#socket.destroy());
  }

  #received(piece: Buffer): void {
    if (this.#over) return;
    if (this.#lazy) this.#socket.pause();
    if (this.#upgrade === null) this.#frames(piece);
    else this.#upgrading(this.#upgrade, piece);
  }

  #upgrading(upgrade: UpgradeResponse, piece: Buffer): void {
    const answer = upgrade.feed(piece);
    if (answer.kind === 'refused') this.#end(answer.why);
    if (answer.kind !== 'upgraded') return;
    this.#upgrade = null;
    this.#events.opened();
    if (answer.rest.length > 0) this.#frames(answer.rest);
  }

  #frames(bytes: Buffer): void {
    this.#events.received(bytes.length);
    this.#reader.feed(bytes);
    if (this.#closeCode !== null) this.#end('the server closed the connection');
  }

  #send(code: number, payload: Uint8Array): void {
    if (!this.#over) this.#socket.write(clientFrame(code, payload));
  }

  #end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.destroy();
    this.#events.ended(this.#closeCode, why);
  }
}

const CLOSE_NORMALLY = Uint8Array.of(0x03, 0xe8);
const CLOSE_MS = 2_000;
const KEY_BYTES = 16;
/** A stream that takes no more than one piece ahead: paused, it leaves the rest in the kernel. */
const reading = { highWaterMark: 1 };

function connectTo(url: URL): Socket {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port === '' ? (secure ? 443 : 80) : url.port);
  if (!secure) return connect({ host, port, noDelay: true, ...reading });
  const servername = /^[\d.]+$|:/.test(host) ? '' : host;
  return tlsConnect({ host, port, servername, ALPNProtocols: ['http/1.1'], ...reading });
}

function handshake(url: URL): string {
  const key = randomBytes(KEY_BYTES).toString('base64');
  return [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    '\r\n',
  ].join('\r\n');
}
