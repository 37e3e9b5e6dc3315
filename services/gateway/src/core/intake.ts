import type { Bundle, BundleSection } from '@lifeverse/contracts';
import type { GatewayCounters } from './counters.ts';
import type { FrameBuilder } from './frames.ts';
import type { Group } from './group.ts';
import type { Groups } from './groups.ts';
import type { StreamCache } from './stream-cache.ts';
import type { ZoneLink } from './zone-link.ts';

/** Takes what a bundle says of streams into their caches, and makes each group's frame of the turn from it. */
export class Intake {
  /** Counts bundles: what one of them brings is written together. */
  turn = 0;
  readonly #frames: FrameBuilder;
  readonly #counters: GatewayCounters;
  readonly #groups: Groups;
  #touched: Group[] = [];
  #rekeyed = new Set<Group>();

  constructor(groups: Groups, frames: FrameBuilder, counters: GatewayCounters) {
    this.#groups = groups;
    this.#frames = frames;
    this.#counters = counters;
  }

  /**
   * The groups to which this bundle brings something, their frames made; it holds until the next call. `tick`: that of the
   * newest bundle of any zone. Ticks never go back for a client: what comes behind that is told by keyframes.
   */
  take(link: ZoneLink, bundle: Bundle, tick: number, nowMs: number): Group[] {
    this.turn++;
    for (const group of this.#touched) {
      group.rekeyed.length = 0;
      group.frame = group.keys = null;
    }
    this.#touched = [];
    this.#rekeyed.clear();
    this.#takeChanges(link, bundle, tick, nowMs);
    if (bundle.tick === tick)
      for (const group of this.#touched) {
        group.frame = this.#frames.frame(group, link, tick, bundle.bytes);
        if (group.frame !== null) this.#counters.frames_built++;
      }
    // Keyframes come behind the frames: they replace what those were made from.
    this.#takeKeys(link, bundle);
    this.#buildKeys(tick);
    this.#checkHeads(link, bundle, nowMs);
    // Who was only looked at gets nothing: else what they cannot see would decide when their time stamps are answered.
    return this.#touched.filter((group) => group.frame !== null || group.keys !== null);
  }

  #touch(group: Group): void {
    if (group.touchedTurn === this.turn) return;
    group.touchedTurn = this.turn;
    this.#touched.push(group);
  }

  #takeChanges(link: ZoneLink, bundle: Bundle, tick: number, nowMs: number): void {
    const isLate = bundle.tick < tick;
    // When much has changed, nearly every group is touched: looking at all of them is less work than at every use.
    const much = !isLate && bundle.sections.length > link.streamCount / 8;
    for (const section of bundle.sections) {
      if (section.key) continue;
      const stream = this.#change(link, bundle, section, nowMs);
      if (stream === null || much) continue;
      const { uses } = stream;
      for (let i = 0; i < uses.length; i++) this.#touch((uses[i] as StreamCache['uses'][number]).group);
      if (isLate) this.#rekey(stream);
    }
    if (much) for (const group of this.#groups.all()) if (group.reading(link) !== undefined) this.#touch(group);
  }

  /** The stream that the section is of; null when it is not taken. */
  #change(link: ZoneLink, bundle: Bundle, section: BundleSection, nowMs: number): StreamCache | null {
    const stream = link.streams[section.slot];
    if (
      stream === null ||
      stream === undefined ||
      stream.state.kind !== 'current' ||
      bundle.interestVersion < stream.sinceVersion
    )
      return null;
    if (bundle.heads[section.slot] !== ((stream.sequence + 1) & 0xff)) {
      this.#lost(stream, nowMs);
      return null;
    }
    stream.change(bundle.bytes, section.start, section.end, { tick: bundle.tick, turn: this.turn });
    link.columns.change(section.slot, stream.sequence, bundle.tick, section.start, section.end);
    return stream;
  }

  #lost(stream: StreamCache, nowMs: number): void {
    this.#counters.streams_lost++;
    stream.link.lose(stream, nowMs);
  }

  #takeKeys(link: ZoneLink, bundle: Bundle): void {
    for (const { key, slot, start, end } of bundle.sections) {
      if (!key) continue;
      const stream = link.streams[slot];
      if (stream === null || stream === undefined || bundle.interestVersion < stream.sinceVersion) continue;
      // A bundle before this one was lost: the keyframe makes up for it here, and has to there.
      const missed = stream.sequence !== bundle.heads[slot];
      const waited = stream.state.kind === 'waiting' || missed;
      stream.key(bundle.bytes, start, end, bundle.heads[slot] as number, bundle.tick);
      link.columns.follow(slot, stream.sequence);
      const moved = stream.replaces.length > 0 && stream.takePlace().length > 0;
      if (waited || moved) this.#rekey(stream);
      if (stream.uses.length === 0) link.unwant(stream);
    }
  }

  /** Everyone who reads it gets a keyframe. */
  #rekey(stream: StreamCache): void {
    for (const { group, index } of stream.uses) {
      this.#touch(group);
      if (!group.rekeyed.includes(index)) group.rekeyed.push(index);
      this.#rekeyed.add(group);
    }
  }

  #buildKeys(tick: number): void {
    for (const group of this.#rekeyed) {
      // In the order of the view: what is near comes first, and what others cannot see decides nothing.
      group.rekeyed.sort((one, other) => one - other);
      group.keys = this.#frames.keys(group.identity, tick, currentOf(group, group.rekeyed));
      this.#counters.keyframes_sent += group.rekeyed.length;
    }
  }

  /** Even the loss of a stream's last change shows here, within a tick. */
  #checkHeads(link: ZoneLink, bundle: Bundle, nowMs: number): void {
    for (const stream of link.diverging(bundle.heads)) {
      if (stream.sinceVersion <= bundle.interestVersion) this.#lost(stream, nowMs);
    }
  }
}

/** Those of the group's streams that follow the zone, with their numbers. */
export function currentOf(group: Group, indices: readonly number[]): (readonly [number, StreamCache])[] {
  const found: (readonly [number, StreamCache])[] = [];
  for (const index of indices) {
    const stream = group.stream(index);
    if (stream?.state.kind === 'current') found.push([index, stream]);
  }
  return found;
}
