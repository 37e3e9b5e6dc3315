export { type CellKey, cellAlong, cellKey, cellX, cellY } from './cell.ts';
export { commandCodec, eventCodec, MessageCodec, operationCodec, type RawMessage } from './commands.ts';
export { type Answer, type AnswerOutcome, type PrivateBody, PrivateCodec } from './private-body.ts';
export {
  destination,
  destinationOf,
  neighbourOffset,
  SectionCodec,
  type SectionListener,
  type SectionResult,
} from './section.ts';
export { predictedX, predictedY, type Shadow, SlotTable } from './slot-table.ts';
export { compileView, type View } from './view.ts';
