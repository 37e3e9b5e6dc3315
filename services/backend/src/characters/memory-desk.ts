import {
  type CheckpointRecord,
  type DeskOutcome,
  type DeskRequest,
  decodeCheckpoints,
  decodeLoad,
  decodePresence,
  encodeStored,
  encodeVerdicts,
  type PresenceChange,
  type Verdict,
} from '@lifeverse/contracts';

interface Kept extends CheckpointRecord {
  readonly zone: number;
  readonly epoch: number;
}

interface Said extends PresenceChange {
  readonly zone: number;
  readonly epoch: number;
}

interface Moment {
  readonly handovers: number;
  readonly epoch: number;
  readonly order: number;
}

function isLater(a: Moment, b: Moment): boolean {
  if (a.handovers !== b.handovers) return a.handovers > b.handovers;
  return a.epoch === b.epoch ? a.order > b.order : a.epoch > b.epoch;
}

/**
 * The desk as a model: what PostgreSQL keeps, in memory, answered at once. It is held to the same contract, so that what
 * is proven of a zone with this one holds with the other.
 */
export class MemoryDesk {
  /** Without a list of characters, everybody is known who is asked for. */
  readonly #known: Set<string> | null;
  readonly #epochs = new Map<number, number>();
  readonly #checkpoints = new Map<string, Kept>();
  readonly #presence = new Map<string, Said>();
  readonly #frozen = new Set<string>();
  readonly #refusing = new Set<string>();

  constructor(options: { readonly everybody: boolean } = { everybody: false }) {
    this.#known = options.everybody ? null : new Set();
  }

  create(character: string): void {
    this.#known?.add(character);
  }

  /** By an epoch that is higher than all before, of any zone. */
  takeZone(zone: number): number {
    const epoch = Math.max(0, ...this.#epochs.values()) + 1;
    this.#epochs.set(zone, epoch);
    return epoch;
  }

  /** From now on saves of this character are refused, or are not. */
  refuse(character: string, refused: boolean): void {
    if (refused) this.#refusing.add(character);
    else this.#refusing.delete(character);
  }

  lift(character: string): void {
    this.#frozen.delete(character);
  }

  checkpoint(character: string): Readonly<Kept> | undefined {
    return this.#checkpoints.get(character);
  }

  presence(character: string): PresenceChange['state'] {
    const said = this.#presence.get(character);
    return said !== undefined && said.epoch === this.#epochs.get(said.zone) ? said.state : 'offline';
  }

  answer(request: DeskRequest): DeskOutcome {
    const owns = this.#epochs.get(request.zone) === request.epoch;
    switch (request.kind) {
      case 'load':
        return this.#load(request, owns);
      case 'checkpoint':
        return this.#write(request, owns);
      case 'presence':
        return this.#say(request, owns);
      case 'durable':
        return { kind: 'refused', code: 'request_invalid' };
    }
  }

  ask(request: DeskRequest): Promise<DeskOutcome> {
    return Promise.resolve(this.answer(request));
  }

  #load({ body }: DeskRequest, owns: boolean): DeskOutcome {
    const character = decodeLoad(body);
    if (character === undefined) return { kind: 'refused', code: 'malformed_message' };
    if (this.#known?.has(character) === false) return { kind: 'refused', code: 'character_unknown' };
    if (!owns) return { kind: 'refused', code: 'zone_replaced' };
    if (this.#frozen.has(character)) return { kind: 'refused', code: 'character_frozen' };
    const kept = this.#checkpoints.get(character) ?? null;
    const { incarnation, handovers, zone, leaves } = kept ?? { incarnation: 0, handovers: 0, zone: 0, leaves: true };
    const stored = { incarnation, handovers, zone: leaves ? null : zone, checkpoint: kept };
    return { kind: 'done', body: encodeStored(stored) };
  }

  #write({ body, zone, epoch }: DeskRequest, owns: boolean): DeskOutcome {
    const records = decodeCheckpoints(body);
    if (records === undefined) return { kind: 'refused', code: 'malformed_message' };
    if (!owns) return { kind: 'refused', code: 'zone_replaced' };
    return { kind: 'done', body: encodeVerdicts(records.map((record) => this.#keep(record, zone, epoch))) };
  }

  #keep(record: CheckpointRecord, zone: number, epoch: number): Verdict {
    const { character } = record;
    if (this.#known?.has(character) === false || this.#frozen.has(character)) return 'refused';
    if (this.#refusing.has(character)) {
      this.#frozen.add(character);
      return 'refused';
    }
    const before = this.#checkpoints.get(character);
    if (before !== undefined && !isLater({ ...record, epoch, order: record.tick }, { ...before, order: before.tick }))
      return 'superseded';
    const incarnation = Math.max(record.incarnation, before?.incarnation ?? 0);
    this.#checkpoints.set(character, { ...record, kept: record.kept.slice(), incarnation, zone, epoch });
    return 'saved';
  }

  #say({ body, zone, epoch }: DeskRequest, owns: boolean): DeskOutcome {
    const changes = decodePresence(body);
    if (changes === undefined) return { kind: 'refused', code: 'malformed_message' };
    if (!owns) return { kind: 'refused', code: 'zone_replaced' };
    for (const change of changes) {
      const before = this.#presence.get(change.character);
      if (this.#known?.has(change.character) === false) continue;
      const moment = { handovers: change.handovers, epoch, order: change.revision };
      if (before === undefined || isLater(moment, { ...before, order: before.revision }))
        this.#presence.set(change.character, { ...change, zone, epoch });
    }
    return { kind: 'done', body: new Uint8Array(0) };
  }
}
