export type { Connection, ConnectionPort } from './connection.ts';
export { deadlines } from './deadlines.ts';
export { GatewayCore, type GatewayOptions, type Rates } from './gateway-core.ts';
export type { GatewayPorts, Redeemed } from './gateway-ports.ts';
