import { connect, type Socket } from 'node:net';
import { machineNowMs } from '../machine-clock.ts';
import type { Target } from '../peers/peer.ts';
import { clientFrame } from './client-frame.ts';
import { FrameReader, opcode } from './frame-reader.ts';
import type { Measures } from './measures.ts';
import type { Link, Session, Upgrade } from './protocol.ts';

/** Every socket reads into this one buffer: what is read is used up before the next read. */
const shared = Buffer.allocUnsafeSlow(65_536);
/** Any 16 bytes will do: nothing here caches. */
const KEY = 'bGlmZXZlcnNlIGJlbmNoLg==';
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * The socket of one player: upgrade, frames, pongs. Cheap enough for ten thousand in a process: while nobody reads its
 * messages, it leaves them in the kernel until it is drained. Tried: the server's cost of a send is the same.
 */
export class Connection implements Link {
  readonly #socket: Socket;
  readonly #measures: Measures;
  readonly #reader: FrameReader;
  readonly #open: (link: Link) => Session;
  #session: Session | null = null;
  #head: Buffer | null = Buffer.alloc(0);
  #closing = false;
  #whenJoined: ((error: Error | null) => void) | null = null;

  constructor(target: Target, upgrade: Upgrade, measures: Measures, open: (link: Link) => Session) {
    this.#measures = measures;
    this.#open = open;
    this.#reader = new FrameReader({
      message: (payload) => this.#message(payload),
      control: (code, payload) => this.#control(code, payload),
      frame: (bytes) => measures.frame(bytes),
    });
    this.#socket = connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      onread: { buffer: shared, callback: (bytes) => this.#received(bytes) },
    });
    const headers = Object.entries(upgrade.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(
      `GET ${upgrade.path} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n${headers.join('')}\r\n`,
    );
    this.#socket.on('error', (error) => this.#ended(error.message));
    this.#socket.on('end', () => this.#ended('the server closed the connection'));
    this.#socket.on('close', () => this.#ended('the connection was closed'));
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Resolves once the session has joined. */
  joined(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#whenJoined = (error) => {
        this.#whenJoined = null;
        if (error === null) resolve();
        else reject(error);
      };
      this.#checkJoined();
    });
  }

  /** Takes what the kernel has kept since the last time, when this one does not read at once anyway. */
  drain(): void {
    if (!this.#closing && this.#session !== null && !this.#reader.reads) this.#socket.resume();
  }

  send(payload: Uint8Array): void {
    if (!this.#closing) this.#socket.write(clientFrame(opcode.binary, payload));
  }

  fail(reason: string): void {
    this.#ended(reason);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #received(bytes: number): boolean {
    try {
      if (this.#head === null) {
        this.#measures.bytes += bytes;
        this.#reader.feed(shared.subarray(0, bytes));
      } else {
        this.#upgrading(shared.subarray(0, bytes));
      }
      if (this.#whenJoined !== null) this.#checkJoined();
    } catch (error) {
      this.#ended(error instanceof Error ? error.message : String(error));
    }
    return this.#session === null || !this.#session.joined || this.#reader.reads;
  }

  #upgrading(piece: Buffer): void {
    const head = Buffer.concat([this.#head as Buffer, piece]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = head;
      return;
    }
    const status = head.toString('latin1', 0, head.indexOf('\r\n'));
    if (!/^HTTP\/1\.1 101 /.test(status)) throw new Error(`the upgrade was answered with '${status}'`);
    this.#head = null;
    this.#session = this.#open(this);
    this.#reader.reads = this.#session.reads;
    const rest = head.subarray(end + HEAD_END.length);
    this.#measures.bytes += rest.length;
    if (rest.length > 0) this.#reader.feed(rest);
  }

  #message(payload: Uint8Array): void {
    const session = this.#session;
    if (session === null) return;
    session.message(payload, machineNowMs());
    this.#reader.reads = session.reads;
  }

  #control(code: number, payload: Uint8Array): void {
    if (code === opcode.ping && !this.#closing) this.#socket.write(clientFrame(opcode.pong, payload));
    if (code !== opcode.close) return;
    const [high, low, ...reason] = payload;
    const number = high === undefined || low === undefined ? 1005 : high * 256 + low;
    this.#ended(`closed by the server with code ${number} ${Buffer.from(reason).toString()}`.trimEnd());
  }

  #checkJoined(): void {
    if (this.#session?.joined === true) this.#whenJoined?.(null);
  }

  #ended(reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#socket.destroy();
    this.#measures.error(reason);
    if (this.#whenJoined === null) this.#measures.disconnects++;
    else this.#whenJoined(new Error(reason));
  }
}
