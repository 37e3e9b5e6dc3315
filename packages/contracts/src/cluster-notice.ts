import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** What every process of a cluster says of where it belongs: once a second, and when somebody asks to join. */
export interface ClusterNotice {
  /** Of the cluster's database, 32 hexadecimal digits; empty where that is not known. */
  readonly identity: string;
  /** Of the cluster: rises with each start of which nothing ran any more. */
  readonly generation: number;
  /** When that began by the database's clock, milliseconds since 1970. */
  readonly sinceMs: number;
  /** Made from the cluster's secret, 16 hexadecimal digits; empty where that is not known. */
  readonly mark: string;
  /** `backend`, `gateway-1`. */
  readonly speaker: string;
  /** Of the product, as the speaker runs it. */
  readonly version: string;
  /** It is one of the cluster; false: it asks who is there. */
  readonly joined: boolean;
}

const SPEAKER_BYTES = 1_020;
const VERSION_BYTES = 64;
const IDENTITY = /^([0-9a-f]{32})?$/;
const MARK = /^([0-9a-f]{16})?$/;

export function encodeClusterNotice(notice: ClusterNotice): Uint8Array {
  const out = new ByteWriter(96 + notice.speaker.length);
  out.text(notice.identity);
  out.varint(notice.generation);
  out.varint(notice.sinceMs);
  out.text(notice.mark);
  out.text(notice.speaker);
  out.text(notice.version);
  out.u8(notice.joined ? 1 : 0);
  return out.bytes();
}

/** Undefined when the bytes are no notice. */
export function decodeClusterNotice(bytes: Uint8Array): ClusterNotice | undefined {
  const from = new ByteReader(bytes);
  const notice = {
    identity: from.text(32),
    generation: from.varint(),
    sinceMs: from.varint(),
    mark: from.text(16),
    speaker: from.text(SPEAKER_BYTES),
    version: from.text(VERSION_BYTES),
  };
  const joined = from.u8();
  const isOne = IDENTITY.test(notice.identity) && MARK.test(notice.mark) && joined <= 1;
  // What a later version says besides is left aside: it has to be understood that it is one.
  return from.failed || !isOne ? undefined : { ...notice, joined: joined === 1 };
}
