/** Named limits of the client's wire. What relates two of them is asserted in limits.test.ts. */
// Each by itself, for `limits` of the package: a bundle has those that it uses.

/** Largest message a client may send, bytes. */
export const messageBytes = 16_384;
/** WebSocket fragments in one client message. */
export const fragments = 8;
/** Join ticket, characters. */
export const ticketChars = 640;
/** Of a gateway, as players are told it: a web origin, UTF-8 bytes. */
export const addressBytes = 255;
/** Player-visible name, UTF-8 bytes. */
export const nameBytes = 32;
/** Any text field of a world, UTF-8 bytes. */
export const textBytes = 1_024;
/** One command or event of a world, bytes; what its fields could take at most is checked when the world is defined. */
export const bodyBytes = 8_192;
/** A world's layout as JSON, bytes of UTF-8. */
export const layoutBytes = 65_536;
/** Commands in one input message. */
export const commandsPerInput = 8;
/** The key of an operation: random, so that no two are ever the same. */
export const keyBytes = 16;
/** One operation of a world, bytes; what its fields could take at most is checked when the world is defined. */
export const operationBytes = 1_024;
/** Operations of one player that wait for their answers: what a gateway keeps until the zone has it, and a zone runs. */
export const operationsInFlight = 16;
/** Things in one field of the kind `items`. */
export const itemsInField = 256;
/** How far back a late input may replay its own avatar, ms. */
export const replayMs = 250;
/**
 * How far ahead of the zone an input may name its tick, ms: whose first messages were long on their way knows the time no better
 * than within half of that.
 */
export const futureMs = 1_000;
/** How far a client's inputs may run ahead of those that count. */
export const inputsAhead = 64;
/** Inputs that a gateway and a zone hold of a player: what counts with one owner may be to count anew with the next. */
export const unstableInputs = 128;
/** Cells in one player's view. */
export const cellsInView = 256;
/** Entities in one cell's stream. */
export const slotsPerCell = 4_096;
/** Components of a world, its position included. */
export const components = 32;
/** Commands, effects and events of a world, each. */
export const commands = 64;
/** The shared frame's tick is sent modulo 256: at least one message that carries a tick within this many ticks. */
export const ticksBetweenFrames = 200;
/** What a zone tells its player may be behind what other zones told by so many ticks: what is left of 256. */
export const ticksBehind = 55;
/** A client sends at least this often, ms. */
export const heartbeatMs = 1_000;
/** Entities one player may mute. */
export const mutes = 256;
