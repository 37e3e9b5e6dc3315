import { type Bus, subjects } from '@lifeverse/contracts';
import type { WebSocket } from 'ws';

/** What a measuring tool may have unread before it misses ticks. */
const BUFFERED_BYTES = 1_048_576;

/**
 * Ties a measuring tool on this machine to a zone's truth: what the tool sends is `truth-wanted`, what it receives is
 * `truth`, both as in the contracts. It is no player, and nothing of it reaches one.
 */
export function attachTruthSocket(webSocket: WebSocket, bus: Bus, zone: number): void {
  webSocket.on('message', (data, isBinary) => {
    if (isBinary) bus.publish(subjects.truthWanted(zone), new Uint8Array(data as Buffer));
    else webSocket.close();
  });
  const end = bus.subscribe(subjects.truth(zone), (bytes) => {
    if (webSocket.bufferedAmount < BUFFERED_BYTES) webSocket.send(bytes);
  });
  webSocket.on('close', end);
  webSocket.on('error', () => undefined);
}
