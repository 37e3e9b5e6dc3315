export { type ErrorCode, LifeverseError } from '@lifeverse/protocol';
export { Client, type ClientState, type ClientStats, type Me, type Other, type TradeTable } from './client.ts';
export { type ConnectOptions, connect } from './connect.ts';
export type { SocketLike } from './link.ts';
export type { Done, Outcome, Refused } from './operations.ts';
export type { Waiting } from './ticket.ts';
