/** At one time. */
export interface SteeringFigures {
  readonly bus_messages_per_player_s: number;
  readonly bus_bytes_per_player_s: number;
  /** Streams of cells that gateways read, all together. */
  readonly streams: number;
  readonly players_by_gateway: readonly number[];
  /** Players who had gone from one gateway to another. */
  readonly moves: number;
}

/** What `npm run bench -- --scenario steering` leaves. */
export interface SteeringResult {
  readonly scenario: 'steering';
  readonly date: string;
  readonly commit: string;
  readonly players: number;
  readonly gateways: number;
  readonly zoneServers: number;
  readonly before: SteeringFigures;
  readonly after: SteeringFigures;
  /** Players who were not in the world at the end. */
  readonly lost: number;
}
