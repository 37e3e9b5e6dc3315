export { BitReader, BitWriter, bitsFor } from './bits.ts';
export { ByteReader, ByteWriter, decodeUtf8 } from './bytes.ts';
export {
  type ClientMessage,
  decodeClientMessage,
  encodeClientMessage,
  type RekeyReason,
} from './client-message.ts';
export {
  catalogue,
  type ErrorCode,
  errorOfClose,
  isErrorCode,
  LifeverseError,
} from './errors.ts';
export {
  compileField,
  compileRecord,
  type FieldCodec,
  type FieldLayout,
  type FieldValue,
  HEADING_STEPS,
  type NamedField,
  type Raw,
  type RawRecord,
  type RecordCodec,
} from './field.ts';
export { fingerprint } from './fingerprint.ts';
export type { Thing } from './items.ts';
export {
  adaptLayout,
  type ComponentLayout,
  canonical,
  layoutFingerprint,
  type MessageLayout,
  type WorldLayout,
} from './layout.ts';
export { layoutProblem } from './layout-problem.ts';
export * as limits from './limits.ts';
export {
  type CellKey,
  decodeContinued,
  decodeGo,
  decodePrivate,
  decodeWelcome,
  encodeWelcome,
  type Go,
  type PrivateMessage,
  serverType,
  unwrapTime,
  type Welcome,
  wireTime,
  writeCellKey,
  writeContinued,
  writeGo,
  writeKeysHeader,
  writePace,
  writePrivate,
} from './server-message.ts';
export { negotiate, OLDEST_VERSION, PROTOCOL_VERSION } from './version.ts';
