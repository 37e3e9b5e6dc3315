import type { PeerName } from '../peers/peer.ts';
import type { FleetSettings } from './fleet.ts';
import type { ConsumerReport } from './measures.ts';

/** From the harness to the consumer process. */
export type ToConsumers =
  | { readonly type: 'join'; readonly peer: PeerName; readonly settings: FleetSettings }
  | { readonly type: 'move' }
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  | { readonly type: 'stop' };

/** And back. */
export type FromConsumers =
  | { readonly type: 'progress'; readonly players: number }
  /** `failure`: why somebody could not join, in a sentence; null when all have. */
  | { readonly type: 'joined'; readonly failure: string | null }
  | { readonly type: 'moving' }
  | { readonly type: 'begun' }
  | { readonly type: 'window'; readonly report: ConsumerReport };
