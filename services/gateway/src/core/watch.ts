import type { ErrorCode } from '@lifeverse/protocol';
import type { Connection } from './connection.ts';
import { deadlines } from './deadlines.ts';

/** What looking after a connection needs of the gateway. */
export interface WatchContext {
  /** How long a socket may take nothing. */
  readonly behindMs: number;
  /** A client that is told nothing else is told the tick so often. */
  readonly tickSentMs: number;
  close(connection: Connection, code: ErrorCode, nowMs: number): void;
  drained(connection: Connection, nowMs: number): void;
  /** What the zone has not answered. */
  sayAgain(connection: Connection, nowMs: number): void;
  sendTick(connection: Connection): void;
  mark(connection: Connection): void;
}

/** Holds a connection against its deadlines. */
export function watch(context: WatchContext, connection: Connection, nowMs: number): void {
  const { state } = connection;
  switch (state.kind) {
    case 'greeting':
      if (nowMs > state.untilMs) context.close(connection, 'join_timeout', nowMs);
      return;
    case 'attaching':
      if (nowMs > state.untilMs) context.close(connection, 'zone_unreachable', nowMs);
      else context.sayAgain(connection, nowMs);
      return;
    case 'behind':
      if (nowMs - state.sinceMs > context.behindMs || connection.port.bufferedBytes() > state.limitBytes)
        context.close(connection, 'too_slow', nowMs);
      else context.drained(connection, nowMs);
      context.sayAgain(connection, nowMs);
      return;
    case 'playing':
      if (nowMs - connection.lastHeardMs > deadlines.idleMs) context.close(connection, 'idle_timeout', nowMs);
      else if (nowMs - connection.lastTickMs > context.tickSentMs) context.sendTick(connection);
      if (connection.echo !== null && nowMs - connection.echo.heardMs > deadlines.echoMs) context.mark(connection);
      context.sayAgain(connection, nowMs);
      return;
    case 'closed':
      return;
  }
}
