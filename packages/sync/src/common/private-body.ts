import {
  BitReader,
  BitWriter,
  compileField,
  type FieldCodec,
  limits,
  type Raw,
  type WorldLayout,
} from '@lifeverse/protocol';

/**
 * What a zone tells one player about the own avatar (SY13), passed on unread by gateways:
 *
 *   body := tick(8) applied (1 x(30) y(30) | 0) (1 mask owned* | 0) (1 sequence code(7))* 0 answers
 *   answers := (1 key(128) (1 operation | 0 code(7)))* 0     where the layout has operations, else nothing
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
  /** What became of operations, by the keys that the player gave them. Nothing in a world without operations. */
  readonly answers: readonly Answer[];
}

export interface Answer {
  /** 16 bytes. */
  readonly key: Uint8Array;
  readonly outcome: AnswerOutcome;
}

/**
 * Done, and `operation` is its number in the journal, 0 when it did not need to last; or refused, and `code` is the
 * catalogue's close code less 4000.
 */
export type AnswerOutcome =
  | { readonly done: true; readonly operation: number }
  | { readonly done: false; readonly code: number };

const COORDINATE_BITS = 30;
const CODE_BITS = 7;

export class PrivateCodec {
  readonly names: readonly string[];
  readonly fields: readonly FieldCodec[];
  readonly #out = new BitWriter(64);
  readonly #answers: boolean;

  constructor(layout: WorldLayout) {
    const owned = layout.components.filter((component) => component.audience === 'owner');
    this.names = owned.map((component) => component.name);
    this.fields = owned.map((component) => compileField(component.field));
    this.#answers = layout.operations !== undefined;
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
    if (this.#answers) writeAnswers(out, body.answers);
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
    const answers = this.#answers ? readAnswers(from) : [];
    return from.failed ? undefined : { tick, applied, position, owned, refused, answers };
  }
}

function writeAnswers(out: BitWriter, answers: readonly Answer[]): void {
  for (const { key, outcome } of answers) {
    out.bit(true);
    for (const byte of key) out.bits(byte, 8);
    out.bit(outcome.done);
    if (outcome.done) out.chunked(outcome.operation, 7);
    else out.bits(outcome.code, CODE_BITS);
  }
  out.bit(false);
}

function readAnswers(from: BitReader): Answer[] {
  const answers: Answer[] = [];
  while (!from.failed && from.bit()) {
    const key = Uint8Array.from({ length: limits.keyBytes }, () => from.bits(8));
    const done = from.bit();
    const outcome = done
      ? ({ done, operation: from.chunked(7) } as const)
      : ({ done: false, code: from.bits(CODE_BITS) } as const);
    answers.push({ key, outcome });
  }
  return answers;
}
