/**
 * What a planted bug does to a message on its way: hands on the same, another, or (null) none. `name`: the gateway, or
 * what else the message concerns; `zone`: the zone that sends or takes it.
 */
export type Door = (name: string, bytes: Uint8Array, zone: number) => Uint8Array | null;

/** Where a planted bug may stand: at the doors of processes, never in their code. All open when nothing is planted. */
export interface Doors {
  gatewaySends: Door;
  zoneTakes: Door;
  zoneSends: Door;
  gatewayTakes: Door;
  /** From zone to zone; the name is the other zone's number. */
  neighbourSends: Door;
  neighbourTakes: Door;
  /** Requests of zones, and the answers to them. */
  deskTakes: Door;
  deskSays: Door;
}

const open: Door = (_name, bytes) => bytes;

export function openDoors(): Doors {
  return {
    gatewaySends: open,
    zoneTakes: open,
    zoneSends: open,
    gatewayTakes: open,
    neighbourSends: open,
    neighbourTakes: open,
    deskTakes: open,
    deskSays: open,
  };
}
