export { AssertionError, assert, unreachable } from './assert.ts';
export { BoundedQueue } from './bounded-queue.ts';
export { type Clock, ManualClock } from './clock.ts';
export {
  type BodyOf,
  type ContentDeclaration,
  type ContentDeclarations,
  declareContent,
  parseContent,
} from './content-declaration.ts';
export { quantile } from './quantile.ts';
export { Random } from './random.ts';
export { type Fault, isText, parseShape, pointer, type Shape, type Shaped, type ShapedAs, shape } from './shape.ts';
export { SlewedClock, type TimeSample } from './slewed-clock.ts';
