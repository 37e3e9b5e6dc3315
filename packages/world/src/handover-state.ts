import { assert } from '@lifeverse/base';
import { ByteReader, ByteWriter, limits } from '@lifeverse/protocol';
import type { AnswerOutcome } from '@lifeverse/sync/common';
import type { Presence } from './sessions.ts';

/** An input on the way, as its gateway said it but for the tick, which is whole. */
export interface TravellingInput {
  readonly sequence: number;
  readonly tick: number;
  readonly body: Uint8Array;
}

/** What a player has asked for that is to last, and what came of it. */
export interface TravellingDealer {
  readonly session: string;
  readonly held: number;
  readonly waiting: readonly { readonly key: Uint8Array; readonly body: Uint8Array; readonly again: boolean }[];
  readonly answers: readonly { readonly key: Uint8Array; readonly outcome: AnswerOutcome }[];
  /** What the former zone has asked of the desk: it says what came of it. */
  readonly underWay: readonly Uint8Array[];
}

export interface TravellingAvatar {
  readonly character: string;
  readonly incarnation: number;
  /** This one included. */
  readonly handovers: number;
  readonly entrance: string;
  readonly presence: Presence;
  readonly sealedTick: number;
  readonly mutedUntilMs: number;
  readonly audiences: number;
  readonly applied: number;
  /** The tick at which the last input counted. */
  readonly appliedTick: number;
  readonly inputs: readonly TravellingInput[];
  readonly dealer: TravellingDealer | null;
  /** What is kept with the character and was not known to the former zone's version of the world. */
  readonly unknownKept: Uint8Array;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** An entity on its way from one zone to another, with everything that the next owner needs. */
export interface Traveller {
  readonly id: number;
  /** One above that by which the former owner told it. */
  readonly generation: number;
  readonly kind: string;
  readonly audience: number;
  /** Where it was at the end of `tick`, millimetres, and at the ends of the ticks before, the newest last. */
  readonly tick: number;
  readonly at: Place;
  readonly past: readonly Place[];
  readonly components: Uint8Array;
  /** As the predicted step receives it. */
  readonly held: object | null;
  readonly memory: Readonly<Record<string, unknown>> | null;
  readonly avatar: TravellingAvatar | null;
  /** What lies there as this entity, by its number in the journal. */
  readonly item: number | null;
  /** Fields of a later version: handed on as they are. */
  readonly unknown: Uint8Array;
}

const MEMORY_BYTES = 16_384;
const ENTRANCE_BYTES = 256;
const WAITING = 256;
const PLACES = 32;
const NAME_BYTES = 64;

/** Numbers of fields are never used again for anything else; the body of each may only grow at its end. */
const field = {
  entity: 1,
  components: 2,
  held: 3,
  memory: 4,
  avatar: 5,
  inputs: 6,
  dealer: 7,
  past: 8,
  kept: 9,
  item: 10,
} as const;
const lastField = Math.max(...Object.values(field));
const presences = ['present', 'away'] as const;

/** Throws a TypeError when the entity's memory is nothing that JSON can say. */
export function encodeTraveller(traveller: Traveller): Uint8Array {
  assert(traveller.past.length <= PLACES, 'an entity takes along more of its past than can be read');
  const out = new ByteWriter(512);
  const body = new ByteWriter(256);
  const put = (number: number, write: (to: ByteWriter) => void): void => {
    body.reset();
    write(body);
    out.varint(number);
    out.blob(body.view());
  };
  const { avatar, held, memory, item } = traveller;
  put(field.entity, (to) => writeEntity(to, traveller));
  put(field.components, (to) => to.octets(traveller.components));
  put(field.past, (to) => writeMany(to, traveller.past, writePlace));
  if (held !== null) put(field.held, (to) => to.octets(json(held)));
  if (memory !== null) put(field.memory, (to) => to.octets(json(memory)));
  if (item !== null) put(field.item, (to) => to.varint(item));
  if (avatar !== null) {
    put(field.avatar, (to) => writeAvatar(to, avatar));
    put(field.inputs, (to) => writeMany(to, avatar.inputs, writeInput));
    put(field.kept, (to) => to.octets(avatar.unknownKept));
    const { dealer } = avatar;
    if (dealer !== null) put(field.dealer, (to) => writeDealer(to, dealer));
  }
  out.octets(traveller.unknown);
  return out.bytes();
}

/** Undefined when the bytes are no traveller. */
export function decodeTraveller(bytes: Uint8Array): Traveller | undefined {
  const from = new ByteReader(bytes);
  const fields = new Map<number, Uint8Array>();
  const unknown = new ByteWriter(16);
  while (from.left > 0 && !from.failed) {
    const number = from.varint();
    const body = from.blob(bytes.length);
    if (number <= lastField) fields.set(number, body);
    else {
      unknown.varint(number);
      unknown.blob(body);
    }
  }
  if (from.failed) return undefined;
  const read = new FieldReader(fields);
  const entity = read.field(field.entity, readEntity);
  const traveller = {
    ...entity,
    components: (fields.get(field.components) ?? new Uint8Array(0)).slice(),
    past: read.field(field.past, (one) => readMany(one, PLACES, readPlace)),
    held: read.json(field.held) as object | null,
    memory: read.json(field.memory) as Record<string, unknown> | null,
    avatar: fields.has(field.avatar) ? readWholeAvatar(read, fields) : null,
    item: fields.has(field.item) ? read.field(field.item, (one) => one.varint()) : null,
    unknown: unknown.bytes(),
  };
  return read.failed || entity.id === 0 ? undefined : traveller;
}

/** Of an encoded entity, without reading the rest; undefined when the bytes are none. */
export function identityOf(traveller: Uint8Array): Pick<Traveller, 'id' | 'generation'> | undefined {
  const from = new ByteReader(traveller);
  const first = from.varint();
  const entity = new ByteReader(from.blob(traveller.length));
  const identity = { id: entity.varint(), generation: entity.varint() };
  return from.failed || entity.failed || first !== field.entity || identity.id === 0 ? undefined : identity;
}

/** Reads fields one by one, and remembers whether one of them was none. */
class FieldReader {
  failed = false;
  readonly #fields: ReadonlyMap<number, Uint8Array>;

  constructor(fields: ReadonlyMap<number, Uint8Array>) {
    this.#fields = fields;
  }

  /** What stands behind what is read belongs to a later version. */
  field<T>(number: number, read: (from: ByteReader) => T): T {
    const from = new ByteReader(this.#fields.get(number) ?? new Uint8Array(0));
    const value = read(from);
    this.failed ||= from.failed;
    return value;
  }

  json(number: number): unknown {
    const bytes = this.#fields.get(number);
    if (bytes === undefined) return null;
    try {
      const value: unknown = bytes.length > MEMORY_BYTES ? null : JSON.parse(new TextDecoder().decode(bytes));
      this.failed ||= typeof value !== 'object' || value === null;
      return value;
    } catch {
      this.failed = true;
      return null;
    }
  }
}

function readWholeAvatar(read: FieldReader, fields: ReadonlyMap<number, Uint8Array>): TravellingAvatar {
  return {
    ...read.field(field.avatar, readAvatar),
    inputs: read.field(field.inputs, (from) => readMany(from, WAITING, readInput)),
    dealer: fields.has(field.dealer) ? read.field(field.dealer, readDealer) : null,
    unknownKept: (fields.get(field.kept) ?? new Uint8Array(0)).slice(),
  };
}

/** JSON would say `{}` of a Map, and null of what is no number: whoever takes the entity over would know something else. */
function assertPlain(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON cannot say ${value}`);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) assertPlain(item);
    return;
  }
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null)
    throw new TypeError(`JSON cannot say what a ${value.constructor.name} is`);
  for (const key in value) assertPlain((value as Record<string, unknown>)[key]);
}

function json(value: object): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(value));
  assertPlain(value);
  if (text.length > MEMORY_BYTES) throw new TypeError(`an entity's memory has more than ${MEMORY_BYTES} bytes`);
  return text;
}

function writeMany<T>(to: ByteWriter, all: readonly T[], write: (to: ByteWriter, one: T) => void): void {
  to.varint(all.length);
  for (const one of all) write(to, one);
}

function readMany<T>(from: ByteReader, most: number, read: (from: ByteReader) => T): T[] {
  const count = from.varint();
  if (count > most) from.fail();
  const all: T[] = [];
  for (let i = 0; i < count && !from.failed; i++) all.push(read(from));
  return all;
}

function writePlace(to: ByteWriter, { x, y }: Place): void {
  to.zigzag(x);
  to.zigzag(y);
}

function readPlace(from: ByteReader): Place {
  return { x: from.zigzag(), y: from.zigzag() };
}

function writeEntity(to: ByteWriter, { id, generation, kind, audience, tick, at }: Traveller): void {
  to.varint(id);
  to.varint(generation);
  to.text(kind);
  to.u8(audience);
  to.varint(tick);
  writePlace(to, at);
}

function readEntity(from: ByteReader): Pick<Traveller, 'id' | 'generation' | 'kind' | 'audience' | 'tick' | 'at'> {
  return {
    id: from.varint(),
    generation: from.varint(),
    kind: from.text(NAME_BYTES),
    audience: from.u8(),
    tick: from.varint(),
    at: readPlace(from),
  };
}

function writeAvatar(to: ByteWriter, avatar: TravellingAvatar): void {
  to.text(avatar.character);
  to.varint(avatar.incarnation);
  to.varint(avatar.handovers);
  to.text(avatar.entrance);
  to.varint(avatar.sealedTick);
  to.varint(avatar.mutedUntilMs);
  to.u8(avatar.audiences);
  to.varint(avatar.applied);
  to.varint(avatar.appliedTick);
  writePresence(to, avatar.presence);
}

function readAvatar(from: ByteReader): Omit<TravellingAvatar, 'inputs' | 'dealer' | 'unknownKept'> {
  return {
    character: from.text(NAME_BYTES),
    incarnation: from.varint(),
    handovers: from.varint(),
    entrance: from.text(ENTRANCE_BYTES),
    sealedTick: from.varint(),
    mutedUntilMs: from.varint(),
    audiences: from.u8(),
    applied: from.varint(),
    appliedTick: from.varint(),
    presence: readPresence(from),
  };
}

function writePresence(to: ByteWriter, presence: Presence): void {
  to.u8(presences.indexOf(presence.state));
  if (presence.state === 'present') {
    to.text(presence.gateway);
    to.varint(presence.session);
  } else {
    // Whole milliseconds are enough for somebody who stands for a minute.
    to.varint(Math.ceil(presence.untilMs));
    to.blob(presence.held === null ? new Uint8Array(0) : json(presence.held));
  }
}

function readPresence(from: ByteReader): Presence {
  const state = presences[from.u8()];
  if (state === 'present') return { state, gateway: from.text(NAME_BYTES), session: from.varint() };
  if (state === undefined) from.fail();
  return { state: 'away', untilMs: from.varint(), held: readHeld(from) };
}

function readHeld(from: ByteReader): object | null {
  const bytes = from.blob(MEMORY_BYTES);
  if (bytes.length === 0) return null;
  try {
    const held: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof held === 'object') return held;
  } catch {
    // Said below.
  }
  from.fail();
  return null;
}

function writeInput(to: ByteWriter, { sequence, tick, body }: TravellingInput): void {
  to.varint(sequence);
  to.varint(tick);
  to.blob(body);
}

function readInput(from: ByteReader): TravellingInput {
  return { sequence: from.varint(), tick: from.varint(), body: from.blob(limits.messageBytes).slice() };
}

function writeDealer(to: ByteWriter, { session, held, waiting, answers, underWay }: TravellingDealer): void {
  to.text(session);
  to.varint(held);
  writeMany(to, waiting, (into, { key, body, again }) => {
    into.octets(key);
    into.blob(body);
    into.u8(again ? 1 : 0);
  });
  writeMany(to, answers, (into, { key, outcome }) => {
    into.octets(key);
    writeOutcome(into, outcome);
  });
  writeMany(to, underWay, (into, key) => into.octets(key));
}

function readDealer(from: ByteReader): TravellingDealer {
  return {
    session: from.text(ENTRANCE_BYTES),
    held: from.varint(),
    waiting: readMany(from, WAITING, (one) => ({
      key: one.octets(limits.keyBytes).slice(),
      body: one.blob(limits.operationBytes).slice(),
      again: one.u8() === 1,
    })),
    answers: readMany(from, WAITING, (one) => ({
      key: one.octets(limits.keyBytes).slice(),
      outcome: readOutcome(one),
    })),
    underWay: readMany(from, WAITING, (one) => one.octets(limits.keyBytes).slice()),
  };
}

/** An answer's outcome, as it is handed on between zones. */
export function writeOutcome(to: ByteWriter, outcome: AnswerOutcome): void {
  to.u8(outcome.done ? 1 : 0);
  to.varint(outcome.done ? outcome.operation : outcome.code);
}

export function readOutcome(from: ByteReader): AnswerOutcome {
  const done = from.u8() === 1;
  const value = from.varint();
  return done ? { done, operation: value } : { done, code: value };
}
