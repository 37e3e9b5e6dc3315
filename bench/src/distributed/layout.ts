/** How a world is laid out over processes; null: all of it in one. */
export interface Layout {
  readonly name: string;
  readonly processes: { readonly gateways: number; readonly zoneServers: number } | null;
}

const cluster = (gateways: number, zoneServers: number): Layout => ({
  name: `${gateways} x ${zoneServers}`,
  processes: { gateways, zoneServers },
});

/** One after the other: first gateways by themselves, then zones, then both. */
export const layouts: readonly Layout[] = [
  { name: 'one process', processes: null },
  cluster(1, 1),
  cluster(2, 1),
  cluster(4, 1),
  cluster(1, 2),
  cluster(1, 4),
  cluster(1, 8),
  cluster(4, 8),
];
