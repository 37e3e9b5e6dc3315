export type { Connection, ConnectionPort } from './connection.ts';
export {
  deadlines,
  GatewayCore,
  type GatewayOptions,
  type GatewayPorts,
  type Rates,
  type Redeemed,
} from './gateway-core.ts';
