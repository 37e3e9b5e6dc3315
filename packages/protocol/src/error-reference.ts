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
  session_unknown: 'Start anew without the session; the server has forgotten it.',
  session_left: 'Nothing: the player has left.',
  name_invalid: 'Choose another name: 1 to 32 bytes, no control characters.',
  server_stopping: 'Nothing: clients come back by themselves to the next server.',
  world_full: 'Add capacity, or wait.',
  zone_unreachable: 'Look at the zone server: is it alive, does it tick, does the bus carry its bundles?',
  internal: 'Look for the fault in the log of the server at that moment; it is a defect.',
  input_replayed: 'Number inputs from 1 on after each welcome, without repeating one.',
  input_future: 'Name ticks at most 250 ms ahead; look at how the client synchronises its clock.',
  input_gap: 'Number inputs without gaps.',
  input_invalid: 'Check values against the layout before sending, as `send` of the SDK does.',
  command_unknown: 'Build the client against the world that is served.',
  out_of_reach: 'Nothing: the player was too far away when the command was carried out.',
  target_unknown: 'Nothing: the other had gone, or is not to be seen.',
  command_refused: 'Nothing: the rules of the world say no.',
};

const parts: readonly [title: string, from: number, about: string][] = [
  ['The connection', 4_000, 'The connection is closed with this number, the code being the reason.'],
  ['The session', 4_020, 'As above; over HTTP the code stands in the problem document.'],
  ['The server', 4_040, 'As above.'],
  ['Inputs', 4_060, 'The connection stays: the client hears `refused` with the code, and the avatar is put right.'],
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
