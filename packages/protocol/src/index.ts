export { BitReader, BitWriter, bitsFor } from './bits.ts';
export { ByteReader, ByteWriter, decodeUtf8 } from './bytes.ts';
export {
  type ClientMessage,
  clientType,
  decodeClientMessage,
  encodeClientMessage,
  type RekeyReason,
  rekeyReasons,
} from './client-message.ts';
export {
  type CatalogueEntry,
  catalogue,
  type ErrorCode,
  errorCodes,
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
  headingOf,
  type NamedField,
  type Raw,
  type RawRecord,
  type RecordCodec,
  type RecordLayout,
} from './field.ts';
export { fingerprint } from './fingerprint.ts';
export {
  adaptLayout,
  type ComponentLayout,
  canonical,
  layoutFingerprint,
  type MessageLayout,
  type PositionLayout,
  type WorldLayout,
} from './layout.ts';
export { layoutProblem } from './layout-problem.ts';
export { limits } from './limits.ts';
export {
  type CellKey,
  decodePrivate,
  decodeWelcome,
  encodeWelcome,
  type PrivateMessage,
  serverType,
  TIME_STEPS_PER_MS,
  unwrapTime,
  type Welcome,
  wireTime,
  writeCellKey,
  writeKeysHeader,
  writePace,
  writePrivate,
} from './server-message.ts';
export { negotiate, OLDEST_VERSION, PROTOCOL_VERSION } from './version.ts';
