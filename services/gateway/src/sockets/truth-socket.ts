import { type Bus, subjects, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import type { WebSocket } from 'ws';

/** What a measuring tool may have unread before it misses ticks. */
const BUFFERED_BYTES = 1_048_576;

/**
 * Ties a measuring tool on this machine to the zones' truth: what the tool sends is `truth-wanted`, what it receives is
 * `truth`, both as in the contracts. It is no player, and nothing of it reaches one. `zones`: as they are at the moment.
 */
export function attachTruthSocket(webSocket: WebSocket, bus: Bus, zones: () => ZoneTree): void {
  const ends = new Map<number, () => void>();
  const pass = (bytes: Uint8Array): void => {
    if (webSocket.bufferedAmount < BUFFERED_BYTES) webSocket.send(bytes);
  };
  const listen = (): readonly number[] => {
    const now = zonesIn(zones());
    for (const zone of now) if (!ends.has(zone)) ends.set(zone, bus.subscribe(subjects.truth(zone), pass));
    return now;
  };
  listen();
  webSocket.on('message', (data, isBinary) => {
    // Each has some of the entities, at some time.
    if (isBinary) for (const zone of listen()) bus.publish(subjects.truthWanted(zone), new Uint8Array(data as Buffer));
    else webSocket.close();
  });
  webSocket.on('close', () => {
    for (const end of ends.values()) end();
  });
  webSocket.on('error', () => undefined);
}
