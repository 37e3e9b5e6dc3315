import { startChild } from '../child-peer.ts';
import type { Peer } from '../peer.ts';

export const floor: Peer = {
  name: 'floor',
  start: (settings) => startChild('floor', new URL('./main.ts', import.meta.url), settings),
  protocol: async () => (await import('./consumer.ts')).floorProtocol,
};
