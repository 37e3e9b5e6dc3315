/** Whose figure it is: a role of the world, the operating system's process around them, or the reporting itself. */
export type MetricRole = 'gateway' | 'zone' | 'backend' | 'process' | 'telemetry';

/**
 * One metric on `/metrics`. `reported`: its key in a role's TelemetryReport; milliseconds there are seconds here.
 * With a `label`, what follows the slash of a reported key is the label's value: `refusals/too_slow`.
 */
export interface MetricDeclaration {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly role: MetricRole;
  readonly reported: string;
  readonly label: string | null;
  readonly scale: number;
  readonly unit: string;
  readonly sentence: string;
}

type Kind = MetricDeclaration['kind'];

const units = { _ms: ['_seconds', 's', 0.001], _bytes: ['_bytes', 'By', 1] } as const;

function declare(
  kind: Kind,
  role: MetricRole,
  reported: string,
  sentence: string,
  label: string | null = null,
): MetricDeclaration {
  const found = Object.entries(units).find(([ending]) => reported.endsWith(ending));
  const [ending, [suffix, unit, scale]] = found ?? ['', ['', '', 1] as const];
  const stem = ending === '' ? reported : reported.slice(0, -ending.length);
  const prefix = role === 'process' ? 'process' : `lifeverse_${role}`;
  const name = `${prefix}_${stem}${suffix}${kind === 'counter' ? '_total' : ''}`;
  return { name, kind, role, reported, label, scale, unit, sentence };
}

const zone = {
  counter: (reported: string, sentence: string) => declare('counter', 'zone', reported, sentence),
  gauge: (reported: string, sentence: string) => declare('gauge', 'zone', reported, sentence),
  histogram: (reported: string, sentence: string) => declare('histogram', 'zone', reported, sentence),
};
const gateway = {
  counter: (reported: string, sentence: string, label?: string) =>
    declare('counter', 'gateway', reported, sentence, label),
  gauge: (reported: string, sentence: string) => declare('gauge', 'gateway', reported, sentence),
  histogram: (reported: string, sentence: string) => declare('histogram', 'gateway', reported, sentence),
};

const backend = {
  counter: (reported: string, sentence: string, label?: string) =>
    declare('counter', 'backend', reported, sentence, label),
  gauge: (reported: string, sentence: string) => declare('gauge', 'backend', reported, sentence),
  histogram: (reported: string, sentence: string) => declare('histogram', 'backend', reported, sentence),
};

const busBehind = [
  'bus_behind',
  'Times that messages of the bus began to come a second late: this role takes them too slowly, or NATS is busy.',
] as const;

/** Every metric there is. The page docs/reference/metrics.md is made from this list, and `/metrics` shows no other. */
export const vocabulary: readonly MetricDeclaration[] = [
  zone.histogram('step_ms', 'Time one tick took to apply inputs, run systems and move everyone.'),
  zone.histogram('encode_ms', 'Time one tick took to encode what changed and hand it to the bus.'),
  zone.histogram('tick_lateness_ms', 'How long after its moment a tick began.'),
  zone.counter('ticks', 'Ticks run.'),
  zone.counter('ticks_skipped', 'Ticks left out because more than two were due at once.'),
  zone.counter('ticks_withheld', "Ticks left out because it was not certain that the zone was still this server's."),
  zone.counter('inputs', 'Inputs that arrived from gateways.'),
  zone.counter('inputs_replayed_late', 'Inputs that came late and were replayed for their own avatar.'),
  zone.counter('inputs_refused', 'Inputs and commands refused; the player was told the code and put right.'),
  zone.counter('commands', 'Commands handed to the rules of the world.'),
  zone.counter('operations', 'Operations, which are to last, handed to the rules of the world.'),
  zone.counter('operations_refused', 'Operations refused, by the rules of the world or by the journal.'),
  zone.counter('effects_lost', 'Effects for an entity that was gone by the next tick.'),
  zone.counter('rule_faults', 'Exceptions out of the rules of the world.'),
  zone.counter('cell_changes', 'Moves of an entity from one cell into another.'),
  zone.counter('change_bytes', 'Bytes of change sections, each counted once however many read it.'),
  zone.counter('handovers_out', 'Entities that went to other zones.'),
  zone.counter('handovers_in', 'Entities that came from other zones.'),
  zone.counter('handovers_void', 'Entities that came and were here already, by that handover or a later one.'),
  zone.counter('entities_resumed', 'Entities that went on here as the standby had them of the former owner.'),
  zone.counter('entities_copied', 'Copies of entities that the standby was told.'),
  zone.counter('copy_bytes', 'Bytes told to the standby.'),
  zone.counter('neighbour_messages_malformed', 'Messages of other zones or of the standby that were none.'),
  zone.counter(
    'neighbour_messages_fenced',
    'Messages of owners of other zones that are none any more, or of zones that this one has not been told of yet.',
  ),
  zone.counter('neighbour_notes_malformed', 'Notes of other zones that were none, or of a later version.'),
  zone.counter('keyframes_wanted', 'Keyframes that gateways asked for.'),
  zone.counter('uplinks_malformed', 'Messages from gateways that were no messages.'),
  zone.counter('bus_dropped', 'Bus messages dropped because a queue was full.'),
  zone.counter(...busBehind),
  zone.counter('desk_requests', 'Requests to the backend, for what must last.'),
  zone.counter('desk_repeats', 'Requests to the backend said again, having had no answer in time.'),
  zone.counter('desk_malformed', 'Messages from the backend that were no answers.'),
  zone.counter('characters_loaded', 'Characters fetched from the backend for their players.'),
  zone.counter('characters_waiting', 'Players told to come again, their characters not being to be had at the moment.'),
  zone.counter('characters_frozen', 'Characters taken out of the world because they could not be saved.'),
  zone.counter('checkpoints', 'Checkpoints of characters that are kept.'),
  zone.counter('checkpoints_refused', 'Checkpoints that the backend refused to keep.'),
  zone.counter('checkpoints_unknown', 'Checkpoints of which it was not known in time whether they are kept.'),
  zone.gauge('arrivals_waiting', 'Players at the door, their characters being fetched.'),
  zone.gauge('checkpoints_waiting', 'Checkpoints that are not kept yet.'),
  zone.gauge('players', 'Avatars of players that stand in the zone, connected or lingering.'),
  zone.gauge('entities', 'Entities in the zone.'),
  zone.gauge('cells', 'Cells that hold or are read for something.'),
  zone.gauge('gateways', 'Gateways that read from the zone.'),
  zone.gauge('standby', '1: a standby has the second copy of the zone.'),
  zone.gauge('rate', 'Rate of time in 1/256: 256 is normal, less is dilated.'),
  zone.gauge('event_loop_delay_p99_ms', 'Delay of the event loop over the last second, 99th percentile.'),
  zone.gauge('event_loop_delay_max_ms', 'Delay of the event loop over the last second, longest.'),
  zone.gauge('clock_uncertainty_ms', "How far the world's time of this role may be off; 0 in a world of one process."),
  zone.gauge(
    'clock_offset_ms',
    "How far the world's time of this role is ahead of what it knows, which it nears by a twentieth of the time that passes.",
  ),
  gateway.histogram('fan_out_ms', 'Time from the arrival of a bundle until every player was written to.'),
  gateway.counter('bundles', 'Bundles from zones.'),
  gateway.counter('bundles_malformed', 'Bundles that were none.'),
  gateway.counter('bundles_fenced', 'Bundles of an owner that is none any more.'),
  gateway.counter('bundles_late', 'Bundles that came again, or behind a later one.'),
  gateway.counter('bundles_lost', 'Bundles missing in the sequence.'),
  gateway.counter('bundles_dropped', 'Bundles dropped because two others were waiting for the fan-out before them.'),
  gateway.counter('frames_built', 'Frames encoded, each for all who share it.'),
  gateway.counter('writes', "Writes to players' sockets."),
  gateway.counter('bytes_sent', 'Bytes written to players, WebSocket headers included.'),
  gateway.counter('messages_received', 'Messages from clients.'),
  gateway.counter('bytes_received', 'Bytes of messages from clients.'),
  gateway.counter('inputs', 'Inputs passed to zones.'),
  gateway.counter('inputs_resent', 'Inputs passed to a zone once more, not having counted in time.'),
  gateway.counter('operations', 'Operations, which are to last, received from players and passed on.'),
  gateway.counter('joins', 'Players who joined.'),
  gateway.counter('moves', 'Of these, players who moved here from another gateway while they played.'),
  gateway.counter(
    'players_steered',
    'Players asked to go on by the gateway that reads the part of the world where they are.',
  ),
  gateway.counter('sessions_followed', 'Players whose avatars went to other zones.'),
  gateway.counter('keyframes_sent', 'Keyframes sent to players.'),
  gateway.counter('rekeys_gap', 'Keyframes that clients asked for because a section was missing.'),
  gateway.counter('rekeys_checksum', 'Keyframes that clients asked for because their copy of a cell differed.'),
  gateway.counter('rekeys_malformed', 'Keyframes that clients asked for because they could not read a section.'),
  gateway.counter('streams_lost', 'Streams that did not follow and were asked for anew.'),
  gateway.counter('sections_dropped', 'Sections left out for a player whose socket took no more.'),
  gateway.counter('events_heard', 'Passing events delivered to players.'),
  gateway.counter('refusals', 'Answers with a code of the error catalogue, closing or not.', 'code'),
  gateway.counter('sockets_accepted', 'TCP connections accepted.'),
  gateway.counter('sockets_refused', 'TCP connections closed at once: too many, altogether or of one address.'),
  gateway.counter('upgrades', 'WebSocket handshakes completed at /ws.'),
  gateway.counter('tickets', 'Tickets to join given out.'),
  gateway.counter('http_requests', 'HTTP requests, by class of status.', 'status'),
  gateway.counter('tls_renewals', 'Certificates taken into use while running.'),
  gateway.counter('tls_renewal_failures', 'Renewed certificate files that could not be used; the former stayed.'),
  gateway.counter('bus_dropped', 'Bus messages dropped because a queue was full.'),
  gateway.counter(...busBehind),
  gateway.gauge('players', 'Players who play.'),
  gateway.gauge('draining', '1 while players are handed over to other gateways and nobody is let in.'),
  gateway.gauge('connections', 'WebSocket connections at /ws, joined or not.'),
  gateway.gauge('unjoined_sockets', 'TCP connections that have not redeemed a ticket.'),
  gateway.gauge('groups', 'Groups of players who get the same frame.'),
  gateway.gauge('streams', 'Streams read from zones.'),
  gateway.gauge('event_loop_delay_p99_ms', 'Delay of the event loop over the last second, 99th percentile.'),
  gateway.gauge('event_loop_delay_max_ms', 'Delay of the event loop over the last second, longest.'),
  gateway.gauge(
    'clock_uncertainty_ms',
    "How far the world's time of this role may be off; 0 in a world of one process.",
  ),
  gateway.gauge(
    'clock_offset_ms',
    "How far the world's time of this role is ahead of what it knows, which it nears by a twentieth of the time that passes.",
  ),
  backend.counter('room_let_in', 'Players let in: given a ticket to join.'),
  backend.counter(
    'room_refused',
    'Players who asked to come in and were refused, by code of the error catalogue.',
    'code',
  ),
  backend.gauge('room_waiting', 'Players in the waiting room.'),
  backend.gauge('room_estimate_ms', 'Wait that was told last, the longer end of its range; 0 while nobody waits.'),
  backend.gauge('room_open', '1 while players can be let in, 0 while the database is gone.'),
  backend.gauge('room_seats', 'Seats in the world, as the toggle worldCapacity has it.'),
  backend.gauge('room_seats_taken', 'Seats taken: avatars in the world, and players let in who are not there yet.'),
  backend.counter('desk_requests', 'Requests of zones, for what must last, by kind.', 'kind'),
  backend.counter('desk_refused', 'Requests of zones refused, by code of the error catalogue.', 'code'),
  backend.counter('desk_put_off', 'Requests of zones to be asked again later, by code of the error catalogue.', 'code'),
  backend.counter('desk_malformed', 'Messages from zones that were no requests.'),
  backend.counter('desk_dropped', 'Requests of zones dropped because too many were being answered.'),
  backend.histogram('desk_answer_ms', 'Time from the arrival of a request of a zone to its answer.'),
  backend.gauge('desk_open', 'Requests of zones being answered.'),
  backend.counter('bus_dropped', 'Bus messages dropped because a queue was full.'),
  backend.counter(...busBehind),
  backend.counter(
    'journal_committed',
    'Operations that the journal has decided and that are on disk, refused ones included.',
  ),
  backend.counter('journal_refused', 'Answers of the journal that refuse, by code of the error catalogue.', 'code'),
  backend.counter('journal_stale', 'Batches decided again because something had changed in the meantime.'),
  backend.counter('journal_unreachable', 'Times that the journal lost its database.'),
  backend.histogram('journal_batch_requests', 'Requests in a batch of the journal.'),
  backend.histogram('journal_commit_ms', 'Time a batch of the journal took to be on disk, once it was decided.'),
  backend.gauge('journal_waiting', 'Requests that wait for a batch of the journal.'),
  backend.gauge('journal_down', '1 while the journal cannot reach its database.'),
  backend.gauge('event_loop_delay_p99_ms', 'Delay of the event loop over the last second, 99th percentile.'),
  backend.gauge('event_loop_delay_max_ms', 'Delay of the event loop over the last second, longest.'),
  backend.gauge(
    'clock_uncertainty_ms',
    "How far the world's time of this role may be off; 0 in a world of one process.",
  ),
  backend.gauge(
    'clock_offset_ms',
    "How far the world's time of this role is ahead of what it knows, which it nears by a twentieth of the time that passes.",
  ),
  declare('counter', 'process', 'cpu_ms', 'User and system CPU time of the process, all threads.'),
  declare('gauge', 'process', 'resident_memory_bytes', 'Resident memory of the process.'),
  declare('gauge', 'telemetry', 'age_ms', 'Time since a role last reported about itself.', 'role'),
  declare('counter', 'telemetry', 'unknown', 'Reported figures that this list does not know.'),
];
