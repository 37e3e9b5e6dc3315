/** How zones hand entities over, for the simulator: what it watches on the way, and where it puts bugs in. */
export { Departures } from './departures.ts';
export { EntityStore } from './entity-store.ts';
export { decodeTraveller, encodeTraveller, type Traveller } from './handover-state.ts';
export { decodeNeighbourNote, encodeNeighbourNote, type NeighbourNote } from './neighbour-notes.ts';
export { Neighbours } from './neighbours.ts';
export { RollCall } from './roll-call.ts';
