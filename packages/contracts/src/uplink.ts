import { ByteReader, ByteWriter, limits } from '@lifeverse/protocol';

/** What a gateway says to a zone. Several in one message; each can come twice, late or never. */
export type UplinkOp =
  /** A player is here; repeated until the zone answers. Idempotent by (character, incarnation). */
  | {
      readonly op: 'attach';
      readonly session: number;
      readonly character: string;
      readonly incarnation: number;
      readonly name: string;
      /** Server time; left out: may speak. The last that was said counts. */
      readonly mutedUntilMs?: number;
      /** Another zone has said that the avatar comes by this handover; left out: none has, or this one has had it since. */
      readonly handovers?: number;
      /**
       * The player has moved here from another gateway: what that incarnation has begun goes on. Left out: they come anew, or back.
       */
      readonly continues?: number;
    }
  /**
   * The player is gone: `left` of their own will, else the connection was lost and the avatar stands for a while.
   * Repeated until the zone says that the session has ended. Idempotent by (character, incarnation).
   */
  | {
      readonly op: 'detach';
      readonly session: number;
      readonly character: string;
      readonly incarnation: number;
      readonly left: boolean;
    }
  /** `tick`: low 16 bits; `body`: bit-packed by the world's layout. */
  | {
      readonly op: 'input';
      readonly session: number;
      readonly sequence: number;
      readonly tick: number;
      readonly body: Uint8Array;
    }
  /**
   * What is to last (PR32), in the order of `sequence`, which the gateway counts; the zone has said that it holds all up
   * to `held`. Said again until it does.
   */
  | {
      readonly op: 'operation';
      readonly session: number;
      readonly sequence: number;
      readonly held: number;
      readonly key: Uint8Array;
      readonly again: boolean;
      readonly body: Uint8Array;
    }
  /** The streams wanted, as a change from version `base`; base 0 replaces everything. */
  | {
      readonly op: 'interest';
      readonly version: number;
      readonly base: number;
      readonly add: readonly WantedStream[];
      readonly drop: readonly number[];
    }
  /** A keyframe of the stream in this reader slot. */
  | { readonly op: 'key'; readonly slot: number }
  /** Bundles were lost: say again what concerns this gateway's sessions. */
  | { readonly op: 'resync' };

export interface WantedStream {
  /** The gateway's number for it: small, reused. */
  readonly slot: number;
  readonly cell: number;
  /** 0 is everyone. */
  readonly audience: number;
}

export interface Uplink {
  readonly gateway: string;
  /** Rises with every start of that gateway: what an earlier one wanted is void. */
  readonly generation: number;
  readonly ops: readonly UplinkOp[];
}

const KIND = 0x71;
const code = { attach: 1, detach: 2, input: 3, interest: 4, key: 5, resync: 6, operation: 7 } as const;
const MAX_STREAMS = 1_000_000;

/** Gathers what goes to one zone; `take` gives the message and starts anew. An empty message says: still here. */
export class UplinkWriter {
  readonly #out = new ByteWriter(4_096);
  readonly #gateway: string;
  readonly #generation: number;
  #empty = true;

  constructor(gateway: string, generation: number) {
    this.#gateway = gateway;
    this.#generation = generation;
    this.#begin();
  }

  #begin(): void {
    this.#out.reset();
    this.#out.u8(KIND);
    this.#out.text(this.#gateway);
    this.#out.varint(this.#generation);
    this.#empty = true;
  }

  get empty(): boolean {
    return this.#empty;
  }

  add(op: UplinkOp): void {
    this.#empty = false;
    const out = this.#out;
    out.u8(code[op.op]);
    switch (op.op) {
      case 'attach':
        out.varint(op.session);
        out.text(op.character);
        out.varint(op.incarnation);
        out.text(op.name);
        out.varint(op.mutedUntilMs ?? 0);
        out.varint(op.handovers ?? 0);
        out.varint(op.continues ?? 0);
        break;
      case 'detach':
        out.varint(op.session);
        out.text(op.character);
        out.varint(op.incarnation);
        out.u8(op.left ? 1 : 0);
        break;
      case 'input':
        out.varint(op.session);
        out.varint(op.sequence);
        out.u16(op.tick);
        out.blob(op.body);
        break;
      case 'operation':
        out.varint(op.session);
        out.varint(op.sequence);
        out.varint(op.held);
        out.octets(op.key);
        out.u8(op.again ? 1 : 0);
        out.blob(op.body);
        break;
      case 'interest':
        out.varint(op.version);
        out.varint(op.base);
        out.varint(op.add.length);
        for (const { slot, cell, audience } of op.add) {
          out.varint(slot);
          out.varint(cell);
          out.u8(audience);
        }
        out.varint(op.drop.length);
        for (const slot of op.drop) out.varint(slot);
        break;
      case 'key':
        out.varint(op.slot);
        break;
      case 'resync':
        break;
    }
  }

  take(): Uint8Array {
    const bytes = this.#out.bytes();
    this.#begin();
    return bytes;
  }
}

/** Undefined when the bytes are no uplink. */
export function decodeUplink(bytes: Uint8Array): Uplink | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== KIND) return undefined;
  const gateway = from.text(64);
  const generation = from.varint();
  const ops: UplinkOp[] = [];
  while (from.left > 0 && !from.failed) {
    const op = readOp(from);
    if (op === undefined) return undefined;
    ops.push(op);
  }
  return from.failed ? undefined : { gateway, generation, ops };
}

function readAttach(from: ByteReader): Extract<UplinkOp, { op: 'attach' }> {
  const attach = {
    op: 'attach',
    session: from.varint(),
    character: from.text(64),
    incarnation: from.varint(),
    name: from.text(limits.nameBytes),
  } as const;
  const mutedUntilMs = from.varint();
  const handovers = from.varint();
  const continues = from.varint();
  return {
    ...attach,
    ...(mutedUntilMs > 0 && { mutedUntilMs }),
    ...(handovers > 0 && { handovers }),
    ...(continues > 0 && { continues }),
  };
}

function readOp(from: ByteReader): UplinkOp | undefined {
  switch (from.u8()) {
    case code.attach:
      return readAttach(from);
    case code.detach:
      return {
        op: 'detach',
        session: from.varint(),
        character: from.text(64),
        incarnation: from.varint(),
        left: from.u8() === 1,
      };
    case code.input:
      return {
        op: 'input',
        session: from.varint(),
        sequence: from.varint(),
        tick: from.u16(),
        body: from.blob(limits.messageBytes),
      };
    case code.operation:
      return {
        op: 'operation',
        session: from.varint(),
        sequence: from.varint(),
        held: from.varint(),
        key: from.octets(limits.keyBytes),
        again: from.u8() === 1,
        body: from.blob(limits.operationBytes),
      };
    case code.interest: {
      const version = from.varint();
      const base = from.varint();
      const adds = from.varint();
      if (adds > MAX_STREAMS) return undefined;
      const add: WantedStream[] = [];
      for (let i = 0; i < adds && !from.failed; i++)
        add.push({ slot: from.varint(), cell: from.varint(), audience: from.u8() });
      const drops = from.varint();
      if (drops > MAX_STREAMS || add.some((wanted) => wanted.slot >= MAX_STREAMS)) return undefined;
      const drop: number[] = [];
      for (let i = 0; i < drops && !from.failed; i++) drop.push(from.varint());
      return { op: 'interest', version, base, add, drop };
    }
    case code.key:
      return { op: 'key', slot: from.varint() };
    case code.resync:
      return { op: 'resync' };
    default:
      return undefined;
  }
}
