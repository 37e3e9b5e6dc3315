import {
  type ClientMessage,
  catalogue,
  decodeClientMessage,
  type ErrorCode,
  limits,
  negotiate,
} from '@lifeverse/protocol';
import type { PrivateCodec } from '@lifeverse/sync/common';
import { type Connection, groupOf, type UnstableInput } from './connection.ts';
import type { GatewayCounters, RefusalCounters } from './counters.ts';
import { deadlines } from './deadlines.ts';
import type { Redeemed } from './gateway-ports.ts';
import { relayOperation, sayOperations, sayOperationsAgain } from './operations.ts';
import type { ZoneLink } from './zone-link.ts';

/** What reading a client's messages needs of the gateway. */
export interface InboundContext {
  /** Of the newest bundle of any zone. */
  readonly tick: () => number;
  readonly counters: GatewayCounters;
  readonly refusals: RefusalCounters;
  readonly privates: PrivateCodec;
  /** Of the layout that is on the wire. */
  readonly fingerprint: string;
  redeem(ticket: string, nowMs: number): Redeemed | ErrorCode;
  mark(connection: Connection): void;
  close(connection: Connection, code: ErrorCode, nowMs: number, left?: boolean): void;
  rekey(connection: Connection, indices: readonly number[]): void;
  /** Players are sent away: nobody comes in. */
  leaves(): boolean;
}

/** What a message costs of the client's allowance. */
const cost = {
  hello: 1,
  move: 1,
  input: 1,
  heartbeat: 1,
  rekey: 8,
  mute: 1,
  leave: 1,
  operation: 4,
} as const satisfies Record<ClientMessage['type'], number>;
const BASE_CLOSE_CODE = 4_000;
/** The first version of the protocol in which a player can move from one gateway to another. */
const MOVE_VERSION = 4;

type Hello = Extract<ClientMessage, { type: 'hello' | 'move' }>;

/** Reads what clients send. Whatever arrives, only the sender is affected. */
export class Inbound {
  readonly #context: InboundContext;

  constructor(context: InboundContext) {
    this.#context = context;
  }

  receive(connection: Connection, bytes: Uint8Array, nowMs: number): void {
    if (connection.state.kind === 'closed') return;
    const { counters } = this.#context;
    counters.messages_received++;
    counters.bytes_received += bytes.length;
    connection.lastHeardMs = nowMs;
    const message = decodeClientMessage(bytes);
    if (typeof message === 'string') {
      this.#context.close(connection, message, nowMs);
    } else if (
      !connection.bytesBucket.take(bytes.length, nowMs) ||
      !connection.costBucket.take(cost[message.type], nowMs)
    ) {
      this.#context.close(connection, 'rate_exceeded', nowMs);
    } else if (message.type === 'hello' || message.type === 'move') {
      this.#hello(connection, message, nowMs);
    } else if (groupOf(connection) === null) {
      this.#context.close(connection, 'unexpected_message', nowMs);
    } else {
      this.#playing(connection, message, nowMs);
    }
  }

  #hello(connection: Connection, hello: Hello, nowMs: number): void {
    if (connection.state.kind !== 'greeting' || this.#context.leaves()) {
      const isFirst = connection.state.kind === 'greeting';
      this.#context.close(connection, isFirst ? 'server_stopping' : 'unexpected_message', nowMs);
      return;
    }
    const version = negotiate(
      hello.newest,
      hello.type === 'move' ? Math.max(MOVE_VERSION, hello.oldest) : hello.oldest,
    );
    if (version === undefined) {
      this.#context.close(connection, 'version_unsupported', nowMs);
      return;
    }
    const redeemed = this.#context.redeem(hello.ticket, nowMs);
    if (typeof redeemed === 'string') {
      this.#context.close(connection, redeemed, nowMs);
      return;
    }
    connection.version = version;
    connection.character = redeemed.character;
    connection.incarnation = redeemed.incarnation;
    connection.continues = hello.type === 'move' ? hello.incarnation : 0;
    connection.name = redeemed.name;
    connection.login = redeemed.login ?? '';
    connection.audience = redeemed.audience ?? {};
    connection.mutedUntilMs = redeemed.mutedUntilMs ?? 0;
    const layoutDiffers = hello.layout !== this.#context.fingerprint;
    connection.state = { kind: 'attaching', untilMs: nowMs + deadlines.attachMs, layoutDiffers };
    this.attach(connection, nowMs);
  }

  /** Asks the zone to let the avatar stand; as often as it takes. */
  attach(connection: Connection, nowMs: number): void {
    connection.askedMs = nowMs;
    const { session, character, incarnation, name, mutedUntilMs, comesBy: handovers, continues } = connection;
    connection.link.say({ op: 'attach', session, character, incarnation, name, mutedUntilMs, handovers, continues });
  }

  /** The zone has another owner, or one that has forgotten this gateway. */
  meetOwner(connection: Connection, nowMs: number): void {
    connection.ownerIsNew = true;
    this.attach(connection, nowMs);
  }

  /** The avatar is in another zone: that one is told all that the former may not have taken along. */
  follow(connection: Connection, link: ZoneLink, handovers: number, nowMs: number): void {
    connection.link = link;
    connection.handovers = handovers;
    this.sayAll(connection, nowMs);
    this.#context.counters.sessions_followed++;
  }

  /** What may not have been taken: what was said to a zone before the avatar was there may be lost. */
  sayAll(connection: Connection, nowMs: number): void {
    connection.applied = connection.stable;
    for (const input of connection.unstable) this.#say(connection, input, nowMs);
    sayOperations(connection, nowMs);
  }

  #playing(connection: Connection, message: Exclude<ClientMessage, Hello>, nowMs: number): void {
    switch (message.type) {
      case 'input':
        this.#echo(connection, message.sentMs, nowMs);
        this.#input(connection, message, nowMs);
        break;
      case 'heartbeat':
        this.#echo(connection, message.sentMs, nowMs);
        break;
      case 'rekey':
        this.#context.counters[`rekeys_${message.reason}`]++;
        this.#context.rekey(connection, message.cells);
        break;
      case 'mute':
        if (!message.muted) connection.muted.delete(message.entity);
        else if (connection.muted.size < limits.mutes) connection.muted.add(message.entity);
        break;
      case 'leave':
        this.#context.close(connection, 'session_left', nowMs, true);
        break;
      case 'operation': {
        const refused = relayOperation(connection, message, nowMs);
        if (refused === null) this.#context.counters.operations++;
        else this.#context.close(connection, refused, nowMs);
        break;
      }
    }
  }

  /** Rides with whatever is sent next; how long it waited is told with it, so that waiting costs no precision. */
  #echo(connection: Connection, sentMs: number, nowMs: number): void {
    connection.echo = { sentMs, heardMs: nowMs };
  }

  /** A stream of bytes neither repeats nor skips: who does is refused here, and what a lossy bus may repeat begins behind this. */
  #input(connection: Connection, message: Extract<ClientMessage, { type: 'input' }>, nowMs: number): void {
    const { sequence, tick, body } = message;
    if (sequence !== connection.sequence + 1) {
      this.#refuse(connection, sequence, sequence <= connection.sequence ? 'input_replayed' : 'input_gap');
      return;
    }
    if (connection.unstable.length >= limits.unstableInputs) {
      this.#context.close(connection, 'zone_unreachable', nowMs);
      return;
    }
    connection.sequence = sequence;
    const input = { sequence, tick, body, sentMs: nowMs };
    connection.unstable.push(input);
    this.#context.counters.inputs++;
    this.#say(connection, input, nowMs);
  }

  #refuse(connection: Connection, sequence: number, code: ErrorCode): void {
    this.#context.refusals[code] = (this.#context.refusals[code] ?? 0) + 1;
    const refused = [{ sequence, code: catalogue[code].close - BASE_CLOSE_CODE }];
    connection.bodies.push(
      this.#context.privates.encode({
        tick: this.#context.tick(),
        applied: connection.stable,
        position: null,
        owned: [],
        refused,
        answers: [],
      }),
    );
    this.#context.mark(connection);
  }

  /** Inputs up to this one need no other copy; those up to `applied` count with the owner that says so. */
  stable(connection: Connection, sequence: number, applied = sequence): void {
    connection.applied = applied;
    connection.stable = Math.max(connection.stable, sequence);
    const { unstable } = connection;
    while (unstable.length > 0 && (unstable[0] as { sequence: number }).sequence <= sequence) unstable.shift();
  }

  /** Says again what was not answered: who is here, and inputs that have not become stable in time. */
  sayAgain(connection: Connection, nowMs: number): void {
    const { unstable, state, askedMs } = connection;
    if (state.kind === 'closed') return;
    if (askedMs !== null && nowMs - askedMs > deadlines.attachAgainMs) this.attach(connection, nowMs);
    sayOperationsAgain(connection, nowMs);
    for (const input of unstable) {
      if (input.sequence <= connection.applied) continue;
      if (nowMs - input.sentMs < deadlines.unstableMs) return;
      this.#context.counters.inputs_resent++;
      this.#say(connection, input, nowMs);
    }
  }

  #say({ link, session }: Connection, input: UnstableInput, nowMs: number): void {
    const { sequence, tick, body } = input;
    input.sentMs = nowMs;
    link.say({ op: 'input', session, sequence, tick, body });
  }
}
