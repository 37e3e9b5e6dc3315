/**
 * The error catalogue: one stable code for the close reason, the metric label and the page in docs/reference/errors.md.
 * `fault` says whose it is; only `server` pages anyone. `close` is the WebSocket close code (4000-4999 are ours);
 * `retry` says what a client does about it: `now` with full jitter, `later` after the server's hint, `never`.
 */
export interface CatalogueEntry {
  readonly close: number;
  readonly fault: 'client' | 'player' | 'server' | 'operator';
  readonly retry: 'now' | 'later' | 'never';
  /** For the player, plain words. */
  readonly message: string;
}

const entry = (
  close: number,
  fault: CatalogueEntry['fault'],
  retry: CatalogueEntry['retry'],
  message: string,
): CatalogueEntry => ({ close, fault, retry, message });

export const catalogue = {
  // The connection
  malformed_message: entry(
    4000,
    'client',
    'never',
    'The client sent something that is not a message of this protocol.',
  ),
  message_too_large: entry(4001, 'client', 'never', 'The client sent a message above the size limit.'),
  text_message: entry(4002, 'client', 'never', 'The client sent text; this protocol is binary.'),
  too_many_fragments: entry(4003, 'client', 'never', 'The client split a message into too many pieces.'),
  unexpected_message: entry(4004, 'client', 'never', 'The client sent a message that does not belong here.'),
  version_unsupported: entry(
    4005,
    'client',
    'never',
    'This version of the game is too old or too new for the server. Reload to update.',
  ),
  layout_unsupported: entry(4006, 'client', 'never', 'This client was built for another world. Reload to update.'),
  rate_exceeded: entry(4007, 'client', 'later', 'The client sent too much too fast.'),
  too_slow: entry(4008, 'player', 'now', 'The connection was too slow to keep up.'),
  join_timeout: entry(4009, 'client', 'later', 'Joining took too long.'),
  idle_timeout: entry(4010, 'player', 'now', 'Nothing was heard from the client for too long.'),
  too_many_connections: entry(4011, 'player', 'later', 'Too many connections from this address are waiting to join.'),
  origin_refused: entry(4012, 'client', 'never', 'This page may not connect to this world.'),
  // The session
  ticket_invalid: entry(4020, 'client', 'now', 'The ticket to join is not valid.'),
  ticket_expired: entry(4021, 'client', 'now', 'The ticket to join has expired.'),
  ticket_used: entry(4022, 'client', 'now', 'The ticket to join was used already.'),
  session_replaced: entry(4023, 'player', 'never', 'You joined from another place; this one was left.'),
  session_unknown: entry(4024, 'player', 'now', 'The server does not know this session any more.'),
  session_left: entry(4026, 'player', 'never', 'You left the world.'),
  name_invalid: entry(4025, 'player', 'never', 'This name cannot be used.'),
  // The server
  server_stopping: entry(4040, 'operator', 'now', 'The server is restarting.'),
  world_full: entry(4041, 'operator', 'later', 'The world is full at the moment.'),
  zone_unreachable: entry(4042, 'server', 'now', 'This part of the world cannot be reached at the moment.'),
  internal: entry(4043, 'server', 'now', 'Something went wrong on the server.'),
  // Inputs: the connection stays, the player is put right
  input_replayed: entry(4060, 'client', 'never', 'An input arrived a second time.'),
  input_future: entry(4061, 'client', 'never', 'An input named a moment too far ahead.'),
  input_gap: entry(4063, 'client', 'never', 'An input skipped too many sequence numbers.'),
  input_invalid: entry(4064, 'client', 'never', 'An input had a value out of its range.'),
  command_unknown: entry(4065, 'client', 'never', 'The world knows no such command.'),
  out_of_reach: entry(4066, 'player', 'never', 'That is too far away.'),
  target_unknown: entry(4067, 'player', 'never', 'Whoever that was for is not here.'),
  command_refused: entry(4068, 'player', 'never', 'The world refused this.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export const errorCodes = Object.keys(catalogue) as readonly ErrorCode[];

const byClose = new Map<number, ErrorCode>(errorCodes.map((code) => [catalogue[code].close, code]));

/** The code behind a WebSocket close code; undefined when it is not one of ours. */
export function errorOfClose(close: number): ErrorCode | undefined {
  return byClose.get(close);
}

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(catalogue, value);
}

/** What every failing call of the client's SDK rejects with. */
export class LifeverseError extends Error {
  override readonly name = 'LifeverseError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail?: string) {
    super(detail === undefined ? catalogue[code].message : `${catalogue[code].message} (${detail})`);
    this.code = code;
  }
  get retry(): CatalogueEntry['retry'] {
    return catalogue[this.code].retry;
  }
}
