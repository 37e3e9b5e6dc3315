export { type GatewaySetup, type RunningGateway, startGateway } from './gateway.ts';
export type { WorldDescription } from './http/app.ts';
export { certificatePaths } from './http/certificate-files.ts';
export type { GatewayThreadSetup } from './main.ts';
export { gatewayOptions } from './options.ts';
