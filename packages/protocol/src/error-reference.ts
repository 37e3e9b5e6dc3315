import { type CatalogueEntry, catalogue, type ErrorCode, errorCodes } from './errors.ts';

/** What to do about each: for who writes a client where the client is at fault, for who runs the servers otherwise. */
const remedies: Readonly<Record<ErrorCode, string>> = {
  malformed_message: 'Encode messages as the SPEC says; the bytes that were sent are no message of any kind.',
  message_too_large: 'Send less at once: 16 KiB is the most, and no command of a world needs it.',
  text_message: 'Send binary WebSocket messages.',
  too_many_fragments: 'Do not fragment, or into 8 pieces at most.',
  unexpected_message: 'Say hello once and first, and nothing else before the welcome.',
  version_unsupported: 'Update the client; servers speak the newest version and the one before it.',
  layout_unsupported: 'Connect with the world that the server serves: `GET /api/world` names it.',
  rate_exceeded: 'Send on change, not in every frame; look for a loop that sends.',
  too_slow:
    'Nothing, for one player. For many at once: look at the network, and at `lifeverse_gateway_sections_dropped_total`.',
  join_timeout: 'Send the hello as soon as the socket is open. For many at once: the gateway is overloaded.',
  idle_timeout: 'Call `update` at least once a second; a device that slept comes back by itself.',
  too_many_connections:
    'Raise the cap if many players share an address; otherwise somebody holds sockets open without joining.',
  origin_refused: 'Serve the page from the same host, or allow its origin.',
  ticket_invalid:
    'Ask for a ticket with `POST /api/tickets` just before connecting. For everyone at once: gateways and backend do not share their secret.',
  ticket_expired:
    'Ask for the ticket just before connecting. For many at once: compare the clocks of backend and gateway.',
  ticket_used: 'Ask for a new ticket for every connection.',
  session_replaced: 'Nothing: a session plays in one place at a time.',
  session_moved: 'Nothing: the client goes on by its second connection.',
  session_unknown: 'Start anew without the session; the server has forgotten it.',
  session_left: 'Nothing: the player has left.',
  login_wrong:
    'Ask for both again. For many at once, from many addresses: somebody tries passwords that leaked elsewhere.',
  login_locked: 'Show the wait that came along and try again after it; sessions that are open are not touched.',
  login_busy:
    'Wait as long as the answer says. When it stays: give hashing more processes, or look for who sends so much.',
  email_invalid: 'Check the address before sending: one `@`, and a domain behind it.',
  password_unfit: 'Ask for 10 to 128 characters, not all alike, and not the address itself.',
  identity_taken: 'Log in by it, and unlink it there first when it is to move.',
  identity_last: 'Link another one before unlinking this one.',
  identity_unknown: 'List the identities again: this one is not, or is no longer, among them.',
  identity_too_many: 'Unlink one first: eight is the most, one of them with a password.',
  player_suspended: 'Nothing, until it ends; a game master can end it.',
  provider_unknown: 'Ask for the list of providers; those of this server are in its configuration.',
  provider_unreachable: 'Look whether the server reaches the provider, and whether the address of its issuer is right.',
  provider_refused:
    'Begin anew from the page. For everyone: compare client id, secret and redirect address with the provider.',
  name_invalid: 'Choose another name: 1 to 32 bytes, no control characters.',
  server_stopping: 'Nothing: clients come back by themselves to the next server.',
  world_full: 'Add capacity, or wait.',
  zone_unreachable: 'Look at the zone server: is it alive, does it tick, does the bus carry its bundles?',
  internal: 'Look for the fault in the log of the server at that moment; it is a defect.',
  character_frozen:
    'Look in the log for why the save was refused, mend that, and lift the freeze; after an unknown outcome it lifts itself.',
  character_unreachable:
    'Look at the database: the backend cannot reach it. Everybody comes in by themselves afterwards.',
  character_unknown: 'Ask for a new ticket; for many at once: zone and backend use different databases.',
  place_invalid: 'Ask without a place. A place is good for the session that it was given to, on one database.',
  place_expired: 'Ask without a place. Clients ask again when they are told to, at least once a minute.',
  place_used: 'Ask without a place, with the session that was given then.',
  input_replayed: 'Number inputs from 1 on after each welcome, without repeating one.',
  input_future: 'Name ticks at most a second ahead; look at how the client synchronises its clock.',
  input_gap: 'Number inputs without gaps.',
  input_invalid: 'Check values against the layout before sending, as `send` of the SDK does.',
  command_unknown: 'Build the client against the world that is served.',
  out_of_reach: 'Nothing: the player was too far away when the command was carried out.',
  target_unknown: 'Nothing: the other had gone, or is not to be seen.',
  command_refused: 'Nothing: the rules of the world say no.',
  login_stale: 'Ask for the password and send it along, or let the player log in again and ask anew with that session.',
  muted: 'Nothing, until it ends; staff can end it. `GET /api/sessions/current` tells the player until when.',
  operation_unknown: 'Send only the operations of the layout that came with the welcome.',
  trade_open: 'End the trade that is open before the next one.',
  carry_full: 'Sell, give away or put down something first.',
  sold_out: 'Nothing: stalls are supplied again after a while.',
  request_invalid: 'Send what the layout says: whole amounts from 1 to 2^53 - 1, each item once, no other fields.',
  key_reused: 'Make 16 new random bytes for every request; the same ones only to say the same request again.',
  holder_unknown: 'Nothing: whoever it was for has never had anything, or is no character.',
  money_short: 'Nothing: the player has less than that.',
  purse_full: 'Nothing: nobody holds more than 2^53 - 1 of a currency.',
  item_not_yours: 'Show what the player has as it is told; it went elsewhere in the meantime.',
  item_gone: 'Nothing: somebody else was faster.',
  offer_changed: 'Show the offer as it lies there now, and let the player accept that.',
  trade_closed: 'Nothing: it was done, or one side left it. What the player has is told anew.',
  trade_unknown: 'Open a trade first.',
  partner_short: 'Nothing: the other side has spent or lost what it offered.',
  not_for_sale: 'Offer only what the stall deals in.',
  price_changed: 'Show the price as it is now, and let the player decide again.',
  refund_done: 'Nothing: it was paid back before.',
  refund_none: 'Look the operation up in the journal: it cost that player nothing.',
  zone_replaced: 'Nothing: the client asks again, and the new owner answers.',
  journal_busy: 'Ask again after a moment, with the same key. For long: the journal is overloaded.',
  journal_unreachable: 'Look at the database; the world goes on meanwhile, and nothing is lost.',
  outcome_unknown: 'Ask again with the same key until it is known; look at the database.',
  role_required: 'Log in as somebody whose role allows it, or have an owner grant one: `lifeverse role grant`.',
  player_unknown: 'Search for the player again; ids do not change.',
  backend_unreachable:
    'Look at the database, then at the log of the backend; the world goes on meanwhile, and nothing is lost.',
  change_invalid: 'Correct what the detail names: a JSON pointer into what was sent, and what was expected there.',
  change_conflict: 'Read what is in force now, and send the change again based on its version.',
  setting_unknown: 'Ask for the list: toggles are declared by the program, documents by the world.',
};

const parts: readonly [title: string, from: number, about: string][] = [
  ['The connection', 4_000, 'The connection is closed with this number, the code being the reason.'],
  ['The session', 4_020, 'As above; over HTTP the code stands in the problem document.'],
  ['The server', 4_040, 'As above.'],
  ['Inputs', 4_060, 'The connection stays: the client hears `refused` with the code, and the avatar is put right.'],
  ['Toggles and content', 4_120, 'Over HTTP, to whoever operates the world.'],
];

const faults: Readonly<Record<CatalogueEntry['fault'], string>> = {
  client: 'client',
  player: 'player',
  server: '**server**',
  operator: 'operator',
};

const retries: Readonly<Record<CatalogueEntry['retry'], string>> = {
  now: 'comes back',
  later: 'comes back later',
  never: 'stays away',
};

const head = `# Errors

Owner: protocol · Version: 1.0 · Date: 2026-11-20 · Status: current

Made from \`packages/protocol/src/errors.ts\`; \`npx vitest run packages/protocol -u\` makes it anew.

One stable code for the reason of a close, the label of a metric and a line on this page. *Fault* says whose it is: the
client's program, the player's situation, the server, or whoever operates it. Only the server's page anyone. *Then* is
what the SDK does by itself after a close: it comes back at a random moment within a growing window, comes back later
(the window is eight times as wide), or stays away and tells the game.
`;

/** docs/reference/errors.md. */
export function errorReference(): string {
  const sections = parts.map(([title, from, about], i) => {
    const to = parts[i + 1]?.[1] ?? Number.POSITIVE_INFINITY;
    const codes = errorCodes.filter((code) => catalogue[code].close >= from && catalogue[code].close < to);
    const input = title === 'Inputs';
    const columns = input ? ['code', 'number', 'fault'] : ['code', 'close', 'fault', 'then'];
    const rows = codes.map((code) => {
      const { close, fault, retry, message } = catalogue[code];
      const cells = [`\`${code}\``, String(close), faults[fault], ...(input ? [] : [retries[retry]])];
      return row([...cells, message, remedies[code]]);
    });
    const titles = [...columns, 'what the player reads', 'what to do about it'];
    return [`## ${title}\n`, `${about}\n`, row(titles), row(titles.map(() => '---')), ...rows, ''].join('\n');
  });
  return [head, ...sections].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
