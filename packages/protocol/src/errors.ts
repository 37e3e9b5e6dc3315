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
  session_moved: entry(4050, 'operator', 'now', 'You go on by another gateway.'),
  session_unknown: entry(4024, 'player', 'now', 'The server does not know this session any more.'),
  session_left: entry(4026, 'player', 'never', 'You left the world.'),
  name_invalid: entry(4025, 'player', 'never', 'This name cannot be used.'),
  // The server
  server_stopping: entry(4040, 'operator', 'now', 'The server is restarting.'),
  world_full: entry(4041, 'operator', 'later', 'The world is full at the moment.'),
  zone_unreachable: entry(4042, 'server', 'now', 'This part of the world cannot be reached at the moment.'),
  internal: entry(4043, 'server', 'now', 'Something went wrong on the server.'),
  character_frozen: entry(
    4044,
    'server',
    'later',
    'Your character could not be saved just now and is kept safe until that is mended. You will be back where it was last saved.',
  ),
  character_unreachable: entry(
    4045,
    'server',
    'later',
    'Your character cannot be fetched at the moment. Nothing is lost; you come in as soon as it can be.',
  ),
  character_unknown: entry(4046, 'player', 'now', 'There is no such character any more.'),
  // The waiting room
  place_invalid: entry(4047, 'client', 'now', 'This is no place in the waiting room, or somebody else’s.'),
  place_expired: entry(4048, 'player', 'now', 'The place in the waiting room was not asked about for too long.'),
  place_used: entry(4049, 'player', 'now', 'The place in the waiting room was used already.'),
  // Who plays: log-in, and what leads to it
  login_wrong: entry(4027, 'player', 'never', 'The e-mail address or the password is not right.'),
  login_locked: entry(4028, 'player', 'later', 'Too many attempts did not succeed. Wait a little before the next one.'),
  login_busy: entry(4029, 'operator', 'later', 'Too many people log in at this moment. Try again shortly.'),
  email_invalid: entry(4030, 'player', 'never', 'This is no e-mail address.'),
  password_unfit: entry(4031, 'player', 'never', 'This password is too easy to guess, or too long.'),
  identity_taken: entry(
    4032,
    'player',
    'never',
    'This way to log in belongs to another player. Log in with it instead.',
  ),
  identity_last: entry(4033, 'player', 'never', 'This is the only way to log in that is left. Add another one first.'),
  identity_unknown: entry(4034, 'player', 'never', 'There is no such way to log in.'),
  identity_too_many: entry(4035, 'player', 'never', 'There is no room for another way to log in. Remove one first.'),
  player_suspended: entry(4036, 'player', 'later', 'This player is suspended for a while.'),
  provider_unknown: entry(4037, 'client', 'never', 'This server does not work with that provider.'),
  provider_unreachable: entry(4038, 'operator', 'later', 'The provider cannot be reached. Try again shortly.'),
  provider_refused: entry(4039, 'player', 'now', 'The provider did not confirm the log-in. Begin it again.'),
  login_stale: entry(4074, 'player', 'never', 'Log in once more first: this changes how you log in.'),
  // What must last, and those who look after it
  role_required: entry(4123, 'player', 'never', 'This is for staff whose role allows it.'),
  player_unknown: entry(4124, 'player', 'never', 'There is no such player.'),
  backend_unreachable: entry(
    4125,
    'server',
    'later',
    'Log-ins and belongings cannot be reached at the moment. Nothing is lost.',
  ),
  // Inputs: the connection stays, the player is put right
  input_replayed: entry(4060, 'client', 'never', 'An input arrived a second time.'),
  input_future: entry(4061, 'client', 'never', 'An input named a moment too far ahead.'),
  input_gap: entry(4063, 'client', 'never', 'An input skipped too many sequence numbers.'),
  input_invalid: entry(4064, 'client', 'never', 'An input had a value out of its range.'),
  command_unknown: entry(4065, 'client', 'never', 'The world knows no such command.'),
  out_of_reach: entry(4066, 'player', 'never', 'That is too far away.'),
  target_unknown: entry(4067, 'player', 'never', 'Whoever that was for is not here.'),
  command_refused: entry(4068, 'player', 'never', 'The world refused this.'),
  muted: entry(4073, 'player', 'later', 'You may not speak for a while: nobody has heard that.'),
  // Belongings
  operation_unknown: entry(4069, 'client', 'never', 'The world knows no such operation.'),
  trade_open: entry(4070, 'player', 'never', 'One of you is trading with somebody already.'),
  carry_full: entry(4071, 'player', 'never', 'That is more than can be carried.'),
  sold_out: entry(4072, 'player', 'never', 'The stall has none of that left.'),
  request_invalid: entry(4100, 'client', 'never', 'The client asked for something that cannot be asked for.'),
  key_reused: entry(4101, 'client', 'never', 'The client used the key of an earlier request for another one.'),
  holder_unknown: entry(4102, 'player', 'never', 'There is nobody of that name to give to or take from.'),
  money_short: entry(4103, 'player', 'never', 'There is not enough money for that.'),
  purse_full: entry(4104, 'player', 'never', 'That is more money than can be held.'),
  item_not_yours: entry(4105, 'player', 'never', 'That item is not yours.'),
  item_gone: entry(4106, 'player', 'never', 'That item is not there any more.'),
  offer_changed: entry(4107, 'player', 'never', 'The offer has changed. Look at it again.'),
  trade_closed: entry(4108, 'player', 'never', 'That trade is over.'),
  trade_unknown: entry(4109, 'player', 'never', 'There is no such trade.'),
  partner_short: entry(4110, 'player', 'never', 'The other side no longer has what it offered.'),
  not_for_sale: entry(4111, 'player', 'never', 'The stall does not trade in that.'),
  price_changed: entry(4112, 'player', 'never', 'The price has changed. Look at it again.'),
  refund_done: entry(4113, 'operator', 'later', 'That was refunded already.'),
  refund_none: entry(4114, 'operator', 'later', 'There is nothing to refund.'),
  zone_replaced: entry(4115, 'server', 'now', 'This part of the world has just moved to another server. Try again.'),
  journal_busy: entry(4116, 'server', 'later', 'Too much is being traded at the moment. Try again in a moment.'),
  journal_unreachable: entry(4117, 'server', 'later', 'Nothing can be traded for the moment. Nothing is lost.'),
  outcome_unknown: entry(4118, 'server', 'later', 'Whether this was done is not known yet. Ask again.'),
  // Toggles and content
  change_invalid: entry(4120, 'player', 'never', 'The change has a mistake in it.'),
  change_conflict: entry(4121, 'player', 'never', 'Somebody else changed this in the meantime. Look at it again.'),
  setting_unknown: entry(4122, 'player', 'never', 'There is no such toggle, document or version.'),
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
