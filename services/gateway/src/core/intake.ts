import type { Bundle, BundleSection } from '@lifeverse/contracts';
import type { GatewayCounters } from './counters.ts';
import type { FrameBuilder } from './frames.ts';
import type { Group } from './group.ts';
import type { Groups } from './groups.ts';
import type { StreamCache } from './stream-cache.ts';
import type { ZoneLink } from './zone-link.ts';

/** Takes what a bundle says of streams into their caches, and makes each group's frame of the tick from it. */
export class Intake {
  readonly #link: ZoneLink;
  readonly #frames: FrameBuilder;
  readonly #counters: GatewayCounters;
  readonly #groups: Groups;
  #touched: Group[] = [];

  constructor(link: ZoneLink, groups: Groups, frames: FrameBuilder, counters: GatewayCounters) {
    this.#groups = groups;
    this.#link = link;
    this.#frames = frames;
    this.#counters = counters;
  }

  /** The groups to which this tick brings something, their frames made; it holds until the next call. */
  take(bundle: Bundle, nowMs: number): Group[] {
    for (const group of this.#touched) {
      group.rekeyed.length = 0;
      group.frame = group.keys = null;
    }
    this.#touched = [];
    // When much has changed, nearly every group is touched: looking at all of them is less work than at every use.
    const much = bundle.sections.length > this.#link.streamCount / 8;
    for (const section of bundle.sections) if (!section.key) this.#change(bundle, section, !much, nowMs);
    if (much) for (const group of this.#groups.all()) this.#touch(group, bundle.tick);
    for (const group of this.#touched) {
      group.frame = this.#frames.frame(group, bundle.tick, bundle.bytes, this.#link.columns);
      if (group.frame !== null) this.#counters.frames_built++;
    }
    // Keyframes come behind the frames: they replace what those were made from.
    this.#takeKeys(bundle);
    this.#checkHeads(bundle, nowMs);
    // Who was only looked at gets nothing: else what they cannot see would decide when their time stamps are answered.
    return this.#touched.filter((group) => group.frame !== null || group.keys !== null);
  }

  #touch(group: Group, tick: number): void {
    if (group.touchedTick === tick) return;
    group.touchedTick = tick;
    this.#touched.push(group);
  }

  #change(bundle: Bundle, section: BundleSection, touches: boolean, nowMs: number): void {
    const stream = this.#link.streams[section.slot];
    if (
      stream === null ||
      stream === undefined ||
      stream.state.kind !== 'current' ||
      bundle.interestVersion < stream.sinceVersion
    )
      return;
    if (bundle.heads[section.slot] !== ((stream.sequence + 1) & 0xff)) {
      this.#lost(stream, nowMs);
      return;
    }
    stream.change(bundle.bytes, section.start, section.end, bundle.tick);
    this.#link.columns.change(section.slot, stream.sequence, bundle.tick, section.start, section.end);
    if (!touches) return;
    const { uses } = stream;
    for (let i = 0; i < uses.length; i++) this.#touch((uses[i] as StreamCache['uses'][number]).group, bundle.tick);
  }

  #lost(stream: StreamCache, nowMs: number): void {
    this.#counters.streams_lost++;
    this.#link.lose(stream, nowMs);
  }

  #takeKeys(bundle: Bundle): void {
    const rekeyed = new Set<Group>();
    for (const { key, slot, start, end } of bundle.sections) {
      if (!key) continue;
      const stream = this.#link.streams[slot];
      if (stream === null || stream === undefined || bundle.interestVersion < stream.sinceVersion) continue;
      // A bundle before this one was lost: the keyframe makes up for it here, and has to there.
      const missed = stream.sequence !== bundle.heads[slot];
      const waited = stream.state.kind === 'waiting' || missed;
      stream.key(bundle.bytes, start, end, bundle.heads[slot] as number, bundle.tick);
      this.#link.columns.follow(slot, stream.sequence);
      if (!waited) continue;
      for (const { group, index } of stream.uses) {
        this.#touch(group, bundle.tick);
        group.rekeyed.push(index);
        rekeyed.add(group);
      }
    }
    for (const group of rekeyed) {
      // In the order of the view: what is near comes first, and what others cannot see decides nothing.
      group.rekeyed.sort((one, other) => one - other);
      group.keys = this.#frames.keys(group.identity, bundle.tick, currentOf(group, group.rekeyed));
      this.#counters.keyframes_sent += group.rekeyed.length;
    }
  }

  /** Even the loss of a stream's last change shows here, within a tick. */
  #checkHeads(bundle: Bundle, nowMs: number): void {
    for (const stream of this.#link.diverging(bundle.heads)) {
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
