/** What a planted bug does to a message on its way: hands on the same, another, or (null) none. */
export type Door = (gateway: string, bytes: Uint8Array) => Uint8Array | null;

/** Where a planted bug may stand: at the doors of processes, never in their code. All open when nothing is planted. */
export interface Doors {
  gatewaySends: Door;
  zoneTakes: Door;
  zoneSends: Door;
  gatewayTakes: Door;
  /** Requests of zones, and the answers to them. */
  deskTakes: Door;
  deskSays: Door;
}

const open: Door = (_gateway, bytes) => bytes;

export function openDoors(): Doors {
  return { gatewaySends: open, zoneTakes: open, zoneSends: open, gatewayTakes: open, deskTakes: open, deskSays: open };
}
