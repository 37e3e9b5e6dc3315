import type { ClientMessage, ErrorCode } from '@lifeverse/protocol';
import { limits } from '@lifeverse/protocol';
import type { Connection, OperationRelay, UnheldOperation } from './connection.ts';
import { deadlines } from './deadlines.ts';

/** Passes an operation on, unread and in order; the code to close with when it may not be sent. */
export function relayOperation(
  connection: Connection,
  message: Extract<ClientMessage, { type: 'operation' }>,
  nowMs: number,
): ErrorCode | null {
  const { operations } = connection;
  if (operations.waiting.length >= limits.operationsInFlight) return 'zone_unreachable';
  operations.sequence++;
  const { key, again, body } = message;
  const operation = { sequence: operations.sequence, key: key.slice(), again, body: body.slice(), sentMs: nowMs };
  operations.waiting.push(operation);
  say(connection, operation);
  return null;
}

/** The zone holds all up to that one: it answers them now, or hears of them from the player again. */
export function operationsHeld(operations: OperationRelay, held: number): void {
  operations.held = Math.max(operations.held, held);
  while ((operations.waiting[0]?.sequence ?? Number.POSITIVE_INFINITY) <= operations.held) operations.waiting.shift();
}

/** Says all that waits: to another owner than before, who may find that the former has done it. */
export function sayOperations(connection: Connection, nowMs: number): void {
  for (const operation of connection.operations.waiting) {
    operation.sentMs = nowMs;
    operation.again = true;
    say(connection, operation);
  }
}

/** Says again what the zone has not said that it holds. */
export function sayOperationsAgain(connection: Connection, nowMs: number): void {
  for (const operation of connection.operations.waiting) {
    if (nowMs - operation.sentMs < deadlines.unstableMs) return;
    operation.sentMs = nowMs;
    say(connection, operation);
  }
}

function say({ link, session, operations: { held } }: Connection, operation: UnheldOperation): void {
  const { sequence, key, again, body } = operation;
  link.say({ op: 'operation', session, sequence, held, key, again, body });
}
