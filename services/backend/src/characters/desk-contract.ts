import {
  type CheckpointRecord,
  type DeskKind,
  type DeskOutcome,
  decodeStored,
  decodeVerdicts,
  encodeCheckpoints,
  encodeLoad,
  encodePresence,
  type PresenceChange,
  type PresenceState,
  type StoredCharacter,
  type Verdict,
} from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import type { Desk } from './desk.ts';

/** A desk with what a test needs besides. */
export interface DeskOnTrial {
  readonly desk: Desk;
  /** A new character's id. */
  create(): Promise<string>;
  takeZone(zone: number): Promise<number>;
  /** From now on saves of this character are refused, or are not. */
  refuse(character: string, refused: boolean): Promise<void>;
  lift(character: string): Promise<void>;
  presence(character: string): Promise<PresenceState>;
}

/** The owner of a zone, as far as the desk knows it. */
export class Owner {
  readonly zone: number;
  readonly epoch: number;
  readonly #desk: Desk;
  #number = 0;

  constructor(desk: Desk, zone: number, epoch: number) {
    this.#desk = desk;
    this.zone = zone;
    this.epoch = epoch;
  }

  ask(kind: DeskKind, body: Uint8Array): Promise<DeskOutcome> {
    return this.#desk.ask({ zone: this.zone, epoch: this.epoch, number: ++this.#number, kind, body });
  }

  /** What is kept, or why it is not to be had. */
  async load(character: string): Promise<StoredCharacter | string | undefined> {
    const outcome = await this.ask('load', encodeLoad(character));
    return outcome.kind === 'done' ? decodeStored(outcome.body) : outcome.code;
  }

  async save(...records: readonly CheckpointRecord[]): Promise<readonly Verdict[] | string | undefined> {
    const outcome = await this.ask('checkpoint', encodeCheckpoints(records));
    return outcome.kind === 'done' ? decodeVerdicts(outcome.body) : outcome.code;
  }

  async tell(...changes: readonly PresenceChange[]): Promise<string> {
    const outcome = await this.ask('presence', encodePresence(changes));
    return outcome.kind === 'done' ? 'done' : outcome.code;
  }
}

export function checkpointOf(character: string, tick: number, more: Partial<CheckpointRecord> = {}): CheckpointRecord {
  const kept = Uint8Array.of(tick & 0xff);
  return { character, incarnation: 1, handovers: 1, tick, leaves: false, xMm: tick, yMm: -tick, kept, ...more };
}

let zones = 0;

/** What every desk promises to zones. */
export function deskContract(name: string, open: () => Promise<DeskOnTrial>): void {
  const owning = async (trial: DeskOnTrial, zone = ++zones) => new Owner(trial.desk, zone, await trial.takeZone(zone));

  describe(`desk: ${name}`, () => {
    it('has a character that never stood in the world, and then as it was saved', async () => {
      const trial = await open();
      const [owner, ann] = [await owning(trial), await trial.create()];
      expect(await owner.load(ann)).toEqual({ incarnation: 0, handovers: 0, zone: null, checkpoint: null });
      expect(await owner.save(checkpointOf(ann, 7, { incarnation: 3 }))).toEqual(['saved']);
      const checkpoint = { xMm: 7, yMm: -7, kept: Uint8Array.of(7) };
      expect(await owner.load(ann)).toMatchObject({ incarnation: 3, checkpoint });
    });

    it('does not know whom nobody created', async () => {
      const trial = await open();
      const owner = await owning(trial);
      const nobody = '00000000-0000-4000-8000-000000000000';
      expect(await owner.load(nobody)).toBe('character_unknown');
      expect(await owner.save(checkpointOf(nobody, 1))).toEqual(['refused']);
    });

    it('[WO20] keeps the later one, in whatever order checkpoints come and however often', async () => {
      const trial = await open();
      const [owner, ann, bea] = [await owning(trial), await trial.create(), await trial.create()];
      expect(await owner.save(checkpointOf(ann, 9), checkpointOf(bea, 2))).toEqual(['saved', 'saved']);
      expect(await owner.save(checkpointOf(ann, 9), checkpointOf(bea, 2))).toEqual(['superseded', 'superseded']);
      expect(await owner.save(checkpointOf(ann, 8), checkpointOf(bea, 3))).toEqual(['superseded', 'saved']);
      expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 9 } });
      expect(await owner.load(bea)).toMatchObject({ checkpoint: { xMm: 3 } });
    });

    it('[WO20] keeps the latest of one character that comes several times in a request', async () => {
      const trial = await open();
      const [owner, ann] = [await owning(trial), await trial.create()];
      await owner.save(checkpointOf(ann, 4), checkpointOf(ann, 6), checkpointOf(ann, 5));
      expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 6 } });
    });

    it('keeps the highest incarnation that stood in the world', async () => {
      const trial = await open();
      const [owner, ann] = [await owning(trial), await trial.create()];
      await owner.save(checkpointOf(ann, 1, { incarnation: 5 }));
      await owner.save(checkpointOf(ann, 2, { incarnation: 4 }));
      expect(await owner.load(ann)).toMatchObject({ incarnation: 5, checkpoint: { xMm: 2 } });
    });

    it('[WO56] keeps what was said after more handovers, whatever the epochs of the two zones are', async () => {
      const trial = await open();
      const ann = await trial.create();
      const [south, north] = [await owning(trial), await owning(trial)];
      expect(await north.save(checkpointOf(ann, 900, { handovers: 1 }))).toEqual(['saved']);
      expect(await south.save(checkpointOf(ann, 20, { handovers: 2 }))).toEqual(['saved']);
      expect(await north.save(checkpointOf(ann, 901, { handovers: 1 }))).toEqual(['superseded']);
      expect(await north.load(ann)).toMatchObject({ handovers: 2, checkpoint: { xMm: 20 } });
      expect(await north.save(checkpointOf(ann, 30, { handovers: 3 }))).toEqual(['saved']);
    });

    it('[WO56] tells which zone has a character in the world, and that none has one that left', async () => {
      const trial = await open();
      const ann = await trial.create();
      const [south, north] = [await owning(trial), await owning(trial)];
      await south.save(checkpointOf(ann, 1));
      expect(await north.load(ann)).toMatchObject({ zone: south.zone });
      await north.save(checkpointOf(ann, 2, { handovers: 2 }));
      expect(await south.load(ann)).toMatchObject({ zone: north.zone });
      await north.save(checkpointOf(ann, 3, { handovers: 2, leaves: true }));
      expect(await south.load(ann)).toMatchObject({ zone: null, handovers: 2, checkpoint: { xMm: 3 } });
    });

    it('[WO56] keeps the presence that was told after more handovers', async () => {
      const trial = await open();
      const ann = await trial.create();
      const [south, north] = [await owning(trial), await owning(trial)];
      const change = { character: ann, incarnation: 1, gateway: 'g1', revision: 9 } as const;
      await north.tell({ ...change, handovers: 1, state: 'online' });
      await south.tell({ ...change, handovers: 2, revision: 1, state: 'away' });
      await north.tell({ ...change, handovers: 1, revision: 10, state: 'offline' });
      expect(await trial.presence(ann)).toBe('away');
    });

    it('[WO20] listens to the owner of a zone alone, whose ticks may begin anew', async () => {
      const trial = await open();
      const ann = await trial.create();
      const former = await owning(trial);
      await former.save(checkpointOf(ann, 900));
      const owner = await owning(trial, former.zone);
      expect(await former.save(checkpointOf(ann, 901))).toBe('zone_replaced');
      expect(await former.load(ann)).toBe('zone_replaced');
      expect(await former.tell()).toBe('zone_replaced');
      expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 900 } });
      expect(await owner.save(checkpointOf(ann, 3))).toEqual(['saved']);
      expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 3 } });
    });

    it('[WO45] gives every owner of every zone an epoch above all before', async () => {
      const trial = await open();
      const [south, north] = [await owning(trial), await owning(trial)];
      const later = await owning(trial, south.zone);
      expect([north.epoch > south.epoch, later.epoch > north.epoch]).toEqual([true, true]);
    });

    it('[WO22] freezes whose save it refuses, and nobody else', async () => {
      const trial = await open();
      const [owner, ann, bea, cleo] = [
        await owning(trial),
        await trial.create(),
        await trial.create(),
        await trial.create(),
      ];
      await owner.save(checkpointOf(ann, 1), checkpointOf(bea, 1), checkpointOf(cleo, 1));
      await trial.refuse(bea, true);
      const all = [ann, bea, cleo].map((character) => checkpointOf(character, 2));
      expect(await owner.save(...all)).toEqual(['saved', 'refused', 'saved']);
      await trial.refuse(bea, false);
      expect(await owner.load(bea)).toBe('character_frozen');
      expect(await owner.save(checkpointOf(bea, 3))).toEqual(['refused']);
      expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 2 } });
      expect(await owner.load(cleo)).toMatchObject({ checkpoint: { xMm: 2 } });
    });

    it('[WO22] has a frozen one as it was last saved, once that is lifted', async () => {
      const trial = await open();
      const [owner, ann] = [await owning(trial), await trial.create()];
      await owner.save(checkpointOf(ann, 1));
      await trial.refuse(ann, true);
      await owner.save(checkpointOf(ann, 2));
      await trial.refuse(ann, false);
      await trial.lift(ann);
      expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 1 } });
      expect(await owner.save(checkpointOf(ann, 3))).toEqual(['saved']);
    });

    it('[WO23] knows who is in the world, the last word counting', async () => {
      const trial = await open();
      const [owner, ann, bea] = [await owning(trial), await trial.create(), await trial.create()];
      const change = { incarnation: 1, handovers: 1, gateway: 'g1' };
      expect(await trial.presence(ann)).toBe('offline');
      await owner.tell(
        { ...change, character: ann, revision: 1, state: 'online' },
        { ...change, character: bea, revision: 2, state: 'away' },
      );
      expect([await trial.presence(ann), await trial.presence(bea)]).toEqual(['online', 'away']);
      await owner.tell({ ...change, character: ann, revision: 4, state: 'offline' });
      await owner.tell({ ...change, character: ann, revision: 3, state: 'online' });
      expect([await trial.presence(ann), await trial.presence(bea)]).toEqual(['offline', 'away']);
    });

    it('[WO23] has nobody online by the word of an owner that is none any more', async () => {
      const trial = await open();
      const [former, ann] = [await owning(trial), await trial.create()];
      const online = {
        character: ann,
        incarnation: 1,
        handovers: 1,
        revision: 9,
        state: 'online',
        gateway: 'g1',
      } as const;
      await former.tell(online);
      const owner = await owning(trial, former.zone);
      expect(await trial.presence(ann)).toBe('offline');
      await owner.tell({ ...online, revision: 1 });
      expect(await trial.presence(ann)).toBe('online');
    });

    it('refuses what is no request', async () => {
      const trial = await open();
      const owner = await owning(trial);
      for (const kind of ['load', 'checkpoint', 'presence'] as const)
        expect(await owner.ask(kind, Uint8Array.of(0xff, 0xff, 0xff))).toEqual({
          kind: 'refused',
          code: 'malformed_message',
        });
    });
  });
}
