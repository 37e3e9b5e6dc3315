export type { Connection, ConnectionPort, Rates } from './connection.ts';
export { deadlines } from './deadlines.ts';
export { GatewayCore, type GatewayOptions } from './gateway-core.ts';
export type { GatewayPorts, Redeemed } from './gateway-ports.ts';
