import {
  BitWriter,
  ByteWriter,
  encodeWelcome,
  type Go,
  layoutFingerprint,
  PROTOCOL_VERSION,
  type PrivateMessage,
  serverType,
  type Welcome,
  type WorldLayout,
  writeCellKey,
  writeContinued,
  writeGo,
  writeKeysHeader,
  writePace,
  writePrivate,
} from '@lifeverse/protocol';
import {
  type CellKey,
  cellKey,
  compileView,
  eventCodec,
  type PrivateBody,
  PrivateCodec,
  SectionCodec,
  type Shadow,
} from '../common/index.ts';

export interface Changed {
  readonly index: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Writes what a server of that layout would send, message by message, for tests of who reads it. */
export class TestServer {
  readonly layout: WorldLayout;
  readonly sections: SectionCodec;
  readonly #privates: PrivateCodec;

  constructor(layout: WorldLayout) {
    this.layout = layout;
    this.sections = new SectionCodec(layout);
    this.#privates = new PrivateCodec(layout);
  }

  welcome(change: Partial<Welcome> = {}): Uint8Array {
    return encodeWelcome({
      version: PROTOCOL_VERSION,
      serverMs: 50_000,
      tick: 1_000,
      entity: 7,
      incarnation: 1,
      anchorX: 1,
      anchorY: 1,
      linkClass: 0,
      audiences: 0,
      rate: 256,
      layoutFingerprint: layoutFingerprint(this.layout),
      mapFingerprint: this.layout.mapFingerprint,
      stepFingerprint: this.layout.stepFingerprint,
      layoutJson: '',
      ...change,
    });
  }

  /** Of the view from that anchor, an empty keyframe of every stream but those given. */
  keys(
    tick: number,
    anchor: { x: number; y: number },
    shadows: ReadonlyMap<number, readonly Shadow[]> = new Map(),
  ): Uint8Array {
    const out = new ByteWriter();
    writeKeysHeader(out, tick, anchor.x, anchor.y, 0, 0);
    const view = compileView(this.layout.viewCellsSquared);
    for (let index = 0; index < view.size; index++) {
      const cell = cellKey(anchor.x + (view.dx[index] as number), anchor.y + (view.dy[index] as number));
      const bytes = this.keyframe(cell, tick, shadows.get(index) ?? []);
      writeCellKey(out, { index, sequence: 0, sections: [{ tick, bytes }] }, tick);
    }
    return out.bytes();
  }

  keyframe(cell: CellKey, tick: number, shadows: readonly Shadow[]): Uint8Array {
    return this.section((out, sections) => {
      sections.beginStructure(out);
      for (const [slot, shadow] of shadows.entries()) sections.writeEnter(out, cell, slot, shadow, tick);
      sections.endStructure(out);
      sections.endUpdates(out);
    });
  }

  section(write: (out: BitWriter, sections: SectionCodec) => void): Uint8Array {
    const out = new BitWriter();
    write(out, this.sections);
    return out.bytes();
  }

  frame(tick: number, changed: readonly Changed[]): Uint8Array {
    return message(serverType.frame, (out) => {
      out.u8(tick & 0xff);
      for (const { index, sequence, bytes } of changed) {
        out.varint(index * 4 + (sequence & 3));
        out.octets(bytes);
      }
    });
  }

  private(body: Partial<PrivateBody> | null, echo: PrivateMessage['echo'] = null): Uint8Array {
    const out = new ByteWriter();
    const whole = { tick: 0, applied: 0, position: null, owned: [], refused: [], answers: [], ...body };
    writePrivate(out, { echo, body: body === null ? new Uint8Array(0) : this.#privates.encode(whole) });
    return out.bytes();
  }

  event(tick: number, from: number, name: string, values: Record<string, unknown>): Uint8Array {
    const codec = eventCodec(this.layout);
    const prepared = codec.prepare(name, values);
    if (typeof prepared === 'string') throw new Error(prepared);
    return message(serverType.events, (out) => {
      out.u8(tick & 0xff);
      out.varint(from);
      out.octets(codec.encode([prepared]));
    });
  }

  go(go: Go): Uint8Array {
    const out = new ByteWriter();
    writeGo(out, go);
    return out.bytes();
  }

  continued(applied: number): Uint8Array {
    const out = new ByteWriter();
    writeContinued(out, applied);
    return out.bytes();
  }

  pace(tick: number, rate: number): Uint8Array {
    const out = new ByteWriter();
    writePace(out, tick, rate);
    return out.bytes();
  }
}

function message(type: number, write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  out.u8(type);
  write(out);
  return out.bytes();
}
