export type { Connection, ConnectionPort, Rates } from './connection.ts';
export { deadlines } from './deadlines.ts';
export { GatewayCore } from './gateway-core.ts';
export type { GatewayOptions } from './gateway-options.ts';
export type { GatewayPorts, Redeemed } from './gateway-ports.ts';
