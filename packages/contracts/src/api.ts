/** Where the HTTP API of the backend answers: on a Unix socket, or over TCP. */
export type ApiPlace = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** How gateways reach the HTTP API of the backend. */
export interface ApiAccess {
  readonly place: ApiPlace;
  /** Sent along, so that what a gateway says of who asks is believed. */
  readonly secret: string;
  /** Who brings it is not slowed down as a peer; null when nobody is. */
  readonly operatorToken: string | null;
}

/** Headers of the HTTP API, in lower case. */
export const apiHeaders = {
  /** From a gateway: the shared secret. */
  gateway: 'x-lifeverse-gateway',
  /** From a gateway: the address of the other end of the player's connection. */
  peer: 'x-lifeverse-peer',
  /** From a gateway, and on every answer. */
  requestId: 'x-request-id',
  /** From a gateway to players: the origins of all gateways that lead into the world. */
  gateways: 'x-lifeverse-gateways',
  /** From the backend to a gateway, with a ticket: the zone in which the character was last. Players are not told. */
  zone: 'x-lifeverse-zone',
  /** From a gateway to players, with a ticket: the origin of the gateway by which it is best used. */
  better: 'x-lifeverse-better',
  /** From a client: an operator's token. */
  operator: 'x-lifeverse-operator',
  /** From a client: `cookie`, when it wants its session kept in one. */
  keep: 'x-lifeverse-keep',
} as const;
