export { Backend } from './backend.ts';
export { startBackend } from './main.ts';
