/** Named limits of the client's wire. What relates two of them is asserted in limits.test.ts. */
export const limits = {
  /** Largest message a client may send, bytes. */
  messageBytes: 16_384,
  /** WebSocket fragments in one client message. */
  fragments: 8,
  /** Join ticket, characters. */
  ticketChars: 640,
  /** Of a gateway, as players are told it: a web origin, UTF-8 bytes. */
  addressBytes: 255,
  /** Player-visible name, UTF-8 bytes. */
  nameBytes: 32,
  /** Any text field of a world, UTF-8 bytes. */
  textBytes: 1_024,
  /** One command or event of a world, bytes; what its fields could take at most is checked when the world is defined. */
  bodyBytes: 8_192,
  /** A world's layout as JSON, bytes of UTF-8. */
  layoutBytes: 65_536,
  /** Commands in one input message. */
  commandsPerInput: 8,
  /** The key of an operation: random, so that no two are ever the same. */
  keyBytes: 16,
  /** One operation of a world, bytes; what its fields could take at most is checked when the world is defined. */
  operationBytes: 1_024,
  /** Operations of one player that wait for their answers: what a gateway keeps until the zone has it, and a zone runs. */
  operationsInFlight: 16,
  /** Things in one field of the kind `items`. */
  itemsInField: 256,
  /** How far back a late input may replay its own avatar, ms. */
  replayMs: 250,
  /**
   * How far ahead of the zone an input may name its tick, ms: whose first messages were long on their way knows the time no better
   * than within half of that.
   */
  futureMs: 1_000,
  /** How far a client's inputs may run ahead of those that count. */
  inputsAhead: 64,
  /** Inputs that a gateway and a zone hold of a player: what counts with one owner may be to count anew with the next. */
  unstableInputs: 128,
  /** Cells in one player's view. */
  cellsInView: 256,
  /** Entities in one cell's stream. */
  slotsPerCell: 4_096,
  /** Components of a world, its position included. */
  components: 32,
  /** Commands, effects and events of a world, each. */
  commands: 64,
  /** The shared frame's tick is sent modulo 256: at least one message that carries a tick within this many ticks. */
  ticksBetweenFrames: 200,
  /** What a zone tells its player may be behind what other zones told by so many ticks: what is left of 256. */
  ticksBehind: 55,
  /** A client sends at least this often, ms. */
  heartbeatMs: 1_000,
  /** Entities one player may mute. */
  mutes: 256,
} as const;
