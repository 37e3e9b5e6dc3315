/**
 * How services reach one another: fire and forget. A message may be lost, never changed; order holds per publisher and
 * subject. Delivery is always asynchronous, and the receiver may keep the bytes: a publisher does not touch them again.
 */
export interface Bus {
  publish(subject: string, bytes: Uint8Array): void;
  /** Returns what ends the subscription. */
  subscribe(subject: string, receive: (bytes: Uint8Array) => void): () => void;
  close(): void;
}

/** Where what is said. Each subject has one kind of speaker; bus credentials per role follow from this list. */
export const subjects = {
  /** Gateways to the owner of a zone. */
  uplink: (zone: number): string => `zone.${zone}.uplink`,
  /** A zone to one gateway: one bundle a tick. */
  bundle: (gateway: string): string => `gateway.${gateway}.bundle`,
  /** Owners of zones to the backend: what is to be loaded, kept or done for good. */
  desk: 'backend.desk',
  /** The backend to the owner of a zone: its answers. */
  deskAnswer: (zone: number): string => `zone.${zone}.desk`,
  /** Every role: its counters and samples, about once a second. */
  telemetry: 'telemetry',
  /** To a zone: record the truth of some entities for a while. */
  truthWanted: (zone: number): string => `zone.${zone}.truth-wanted`,
  /** From a zone: the truth asked for, apart from the stream. */
  truth: (zone: number): string => `zone.${zone}.truth`,
  /** From the backends: who may not go on. */
  expulsion: 'expulsion',
  /** From the backends: who may not speak, and who may again. */
  muting: 'muting',
  /** From the backends: all toggles in force, on every change and once a second. */
  toggles: 'toggles',
  /** From the backends: all documents of the content in force, on every change and every few seconds. */
  content: 'content',
} as const;
