import { BitReader, BitWriter, compileField, type FieldCodec, type Raw, type WorldLayout } from '@lifeverse/protocol';

/**
 * What a zone tells one player about the own avatar (SY13), passed on unread by gateways:
 *
 *   body := tick(8) applied (1 x(30) y(30) | 0) (1 mask owned* | 0) (1 sequence code(7))* 0
 */
export interface PrivateBody {
  /** Low 8 bits of the tick at whose end this is true. */
  readonly tick: number;
  /** The last input that has been applied. */
  readonly applied: number;
  /** Exact position in millimetres, when it is news. */
  readonly position: { readonly x: number; readonly y: number } | null;
  /** Components that only the owner sees, by their index among those, as far as they changed. */
  readonly owned: readonly { readonly index: number; readonly raw: Raw }[];
  /** Inputs that were refused; `code` is the catalogue's close code less 4000. */
  readonly refused: readonly { readonly sequence: number; readonly code: number }[];
}

const COORDINATE_BITS = 30;
const CODE_BITS = 7;

export class PrivateCodec {
  readonly names: readonly string[];
  readonly fields: readonly FieldCodec[];
  readonly #out = new BitWriter(64);

  constructor(layout: WorldLayout) {
    const owned = layout.components.filter((component) => component.audience === 'owner');
    this.names = owned.map((component) => component.name);
    this.fields = owned.map((component) => compileField(component.field));
  }

  encode(body: PrivateBody): Uint8Array {
    const out = this.#out;
    out.reset();
    out.bits(body.tick & 0xff, 8);
    out.chunked(body.applied, 7);
    out.bit(body.position !== null);
    if (body.position !== null) {
      out.wide(body.position.x, COORDINATE_BITS);
      out.wide(body.position.y, COORDINATE_BITS);
    }
    out.bit(body.owned.length > 0);
    if (body.owned.length > 0) {
      for (let i = 0; i < this.fields.length; i++) {
        const item = body.owned.find((candidate) => candidate.index === i);
        out.bit(item !== undefined);
        if (item !== undefined) (this.fields[i] as FieldCodec).write(out, item.raw);
      }
    }
    for (const { sequence, code } of body.refused) {
      out.bit(true);
      out.chunked(sequence, 7);
      out.bits(code, CODE_BITS);
    }
    out.bit(false);
    return out.bytes();
  }

  /** Undefined when the bytes are no body. */
  decode(bytes: Uint8Array): PrivateBody | undefined {
    const from = new BitReader(bytes);
    const tick = from.bits(8);
    const applied = from.chunked(7);
    const position = from.bit() ? { x: from.wide(COORDINATE_BITS), y: from.wide(COORDINATE_BITS) } : null;
    const owned: { index: number; raw: Raw }[] = [];
    if (from.bit()) {
      this.fields.forEach((field, index) => {
        if (from.bit()) owned.push({ index, raw: field.read(from) });
      });
    }
    const refused: { sequence: number; code: number }[] = [];
    while (!from.failed && from.bit()) refused.push({ sequence: from.chunked(7), code: from.bits(CODE_BITS) });
    return from.failed ? undefined : { tick, applied, position, owned, refused };
  }
}
