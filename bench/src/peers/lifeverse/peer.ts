import { startChild } from '../child-peer.ts';
import type { Peer } from '../peer.ts';

export const lifeverse: Peer = {
  name: 'ours',
  start: (settings) => startChild('ours', new URL('./main.ts', import.meta.url), settings),
  protocol: async () => (await import('./consumer.ts')).lifeverseProtocol,
};
