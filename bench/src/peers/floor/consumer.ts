import type { ConsumerProtocol, Link, Session } from '../../consumers/protocol.ts';

/** Nobody joins, speaks or reads: the floor's players are sockets that count. */
export function floorProtocol(): ConsumerProtocol {
  return {
    admit: () => Promise.resolve({ path: '/', headers: {} }),
    open: (_link: Link): Session => ({ joined: true, reads: false, message: () => {}, steer: () => {}, view: null }),
  };
}
