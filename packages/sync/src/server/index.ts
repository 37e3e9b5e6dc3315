export { CellStream, type EntityColumns, type StreamReader } from './cell-stream.ts';
