import { type Bus, subjects, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import type { WebSocket } from 'ws';

/** What a measuring tool may have unread before it misses ticks. */
const BUFFERED_BYTES = 1_048_576;

/**
 * Ties a measuring tool on this machine to the zones' truth: what the tool sends is `truth-wanted`, what it receives is
 * `truth`, both as in the contracts. It is no player, and nothing of it reaches one.
 */
export function attachTruthSocket(webSocket: WebSocket, bus: Bus, tree: ZoneTree): void {
  const zones = zonesIn(tree);
  webSocket.on('message', (data, isBinary) => {
    // Each has some of the entities, at some time.
    if (isBinary) for (const zone of zones) bus.publish(subjects.truthWanted(zone), new Uint8Array(data as Buffer));
    else webSocket.close();
  });
  const pass = (bytes: Uint8Array): void => {
    if (webSocket.bufferedAmount < BUFFERED_BYTES) webSocket.send(bytes);
  };
  const ends = zones.map((zone) => bus.subscribe(subjects.truth(zone), pass));
  webSocket.on('close', () => {
    for (const end of ends) end();
  });
  webSocket.on('error', () => undefined);
}
