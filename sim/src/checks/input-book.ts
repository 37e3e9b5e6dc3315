import { decodeBundle, decodeUplink, type SessionRecord } from '@lifeverse/contracts';
import { catalogue, type WorldLayout } from '@lifeverse/protocol';
import { PrivateCodec } from '@lifeverse/sync/common';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { Audiences } from './replica-check.ts';
import type { ZoneStore } from './truth-history.ts';
import { ensure } from './violation.ts';

/** What the zone has said of one character's newest attachment. */
interface Page {
  readonly player: Player;
  readonly incarnation: number;
  entity: number;
  applied: number;
  audiences: Audiences;
}

interface Attachment {
  readonly character: string;
  readonly incarnation: number;
}

/** What one bundle says of a player's avatar, to be held against the world once the tick is over. */
interface Told {
  readonly page: Page;
  readonly x: number;
  readonly y: number;
}

/**
 * Follows the inputs of every (character, incarnation) from what the zone takes and what it says: acknowledgements only
 * rise, never past what was sent, and an avatar does what the last acknowledged input asks.
 */
export class InputBook {
  readonly #players: ReadonlyMap<string, Player>;
  readonly #privates: PrivateCodec;
  readonly #calm: () => boolean;
  readonly #tally: Tally;
  readonly #pages = new Map<string, Page>();
  /** By gateway and generation: a zone that has forgotten a gateway's newest life may listen to an earlier one again. */
  readonly #lives = new Map<string, Map<number, Attachment>>();
  #told: Told[] = [];

  /** `calm`: whether what the zone says now reaches its players. */
  constructor(players: readonly Player[], layout: WorldLayout, calm: () => boolean, tally: Tally) {
    this.#calm = calm;
    this.#players = new Map(players.map((player) => [player.character, player]));
    this.#privates = new PrivateCodec(layout);
    this.#tally = tally;
  }

  /** Another avatar begins with nothing; `of`: whose. */
  clear(of: (character: string) => boolean): void {
    for (const { character, log } of this.#players.values()) {
      if (!of(character)) continue;
      log.forgetRefusals();
      this.#pages.delete(character);
    }
  }

  page(player: Player): Readonly<Page> | undefined {
    const page = this.#pages.get(player.character);
    return page?.incarnation === player.log.incarnation ? page : undefined;
  }

  /** An uplink that the zone is about to take. */
  uplink(bytes: Uint8Array): void {
    const uplink = decodeUplink(bytes);
    if (uplink === undefined) return;
    const sessions = this.#lifeOf(uplink.gateway, uplink.generation);
    for (const op of uplink.ops) {
      if (op.op !== 'attach') continue;
      sessions.set(op.session, { character: op.character, incarnation: op.incarnation });
    }
  }

  #lifeOf(gateway: string, generation: number): Map<number, Attachment> {
    const name = `${gateway}/${generation}`;
    const sessions = this.#lives.get(name) ?? new Map<number, Attachment>();
    this.#lives.set(name, sessions);
    return sessions;
  }

  /** A bundle that the zone sends. */
  bundle(gateway: string, bytes: Uint8Array): void {
    const bundle = decodeBundle(bytes);
    if (bundle === undefined) return;
    const sessions = this.#lifeOf(gateway, bundle.generation);
    for (const record of bundle.sessions) {
      const attachment = sessions.get(record.session);
      if (attachment === undefined) continue;
      if (record.ended === undefined) this.#session(attachment, record, bundle.tick);
      // Its avatar is gone; by the same session it may stand anew, as it was saved before, until its gateway has heard so.
      else if (record.ended === catalogue.character_frozen.close) this.#frozen(attachment);
    }
  }

  #frozen({ character, incarnation }: Attachment): void {
    if (this.#pages.get(character)?.incarnation === incarnation) this.#pages.delete(character);
  }

  #session({ character, incarnation }: Attachment, record: SessionRecord, tick: number): void {
    const page = this.#pageFor(character, incarnation, tick);
    if (page === undefined) return;
    if (record.attached !== undefined) page.entity = record.attached.entity;
    if (record.audiences !== undefined && record.audiences !== page.audiences.mask) {
      page.audiences = { mask: record.audiences, sinceTick: tick };
    }
    const body = record.body === undefined ? undefined : this.#privates.decode(record.body);
    if (body === undefined) return;
    ensure(body.applied >= page.applied, 'no input twice, none skipped', () => {
      return `${character}/${incarnation}: input ${body.applied} was acknowledged after ${page.applied}`;
    });
    const { log } = page.player;
    for (const { sequence } of body.refused) if (log.incarnation === incarnation) log.refused(sequence, this.#calm());
    ensure(log.incarnation !== incarnation || body.applied <= log.last, 'no input twice, none skipped', () => {
      return `${character}/${incarnation}: input ${body.applied} was acknowledged, ${log.last} were sent`;
    });
    page.applied = body.applied;
    if (body.position !== null) this.#told.push({ page, x: body.position.x, y: body.position.y });
  }

  /** Undefined for what concerns an earlier incarnation. */
  #pageFor(character: string, incarnation: number, tick: number): Page | undefined {
    const page = this.#pages.get(character);
    if (page !== undefined && page.incarnation >= incarnation) {
      return page.incarnation === incarnation ? page : undefined;
    }
    const player = this.#players.get(character);
    if (player === undefined) return undefined;
    const next = { player, incarnation, entity: 0, applied: 0, audiences: { mask: 0, sinceTick: tick } };
    this.#pages.set(character, next);
    return next;
  }

  /** The tick is over: is what the zone told its players what is so? */
  ticked(store: ZoneStore, tick: number): void {
    for (const { page, x, y } of this.#told) {
      const row = store.rowOf(page.entity);
      if (row === undefined) continue;
      const { player, incarnation, applied } = page;
      ensure(store.x[row] === x && store.y[row] === y, 'the own avatar as the server has it', () => {
        return `${player.character} was told (${x}, ${y}) mm and is at (${store.x[row]}, ${store.y[row]}) at tick ${tick}`;
      });
      if (player.log.incarnation !== incarnation) continue;
      this.#tally.add('checks: acknowledgements');
      const asked = player.log.heldAfter(applied);
      const held = store.held[row] ?? null;
      ensure(applied === 0 || sameInput(asked, held), 'no input twice, none skipped', () => {
        return `${player.character}/${incarnation} does ${JSON.stringify(held)} after input ${applied}, which asked for ${JSON.stringify(asked)}`;
      });
    }
    this.#told = [];
  }
}

/** Whether two inputs ask the same of the predicted step. */
export function sameInput(a: object | null, b: object | null): boolean {
  if (a === null || b === null) return a === b;
  for (const key in a) if ((a as Record<string, unknown>)[key] !== (b as Record<string, unknown>)[key]) return false;
  return true;
}
