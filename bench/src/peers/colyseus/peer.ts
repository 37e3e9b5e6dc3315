import { startChild } from '../child-peer.ts';
import type { Peer } from '../peer.ts';

export const colyseus: Peer = {
  name: 'colyseus',
  start: (settings) => startChild('colyseus', new URL('./main.ts', import.meta.url), settings),
  protocol: async () => (await import('./consumer.ts')).colyseusProtocol,
};
