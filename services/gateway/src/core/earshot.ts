import type { HeardEvent } from '@lifeverse/contracts';
import { serverType } from '@lifeverse/protocol';
import type { GatewayCounters } from './counters.ts';
import type { FanOut } from './fan-out.ts';
import type { FrameBuilder } from './frames.ts';
import type { Groups } from './groups.ts';
import type { ZoneLink } from './zone-link.ts';

/** Passes on what was said and done, to those who are near enough and want to hear it. */
export class Earshot {
  readonly #groups: Groups;
  readonly #frames: FrameBuilder;
  readonly #fanOut: FanOut;
  readonly #counters: GatewayCounters;

  constructor(groups: Groups, frames: FrameBuilder, fanOut: FanOut, counters: GatewayCounters) {
    this.#groups = groups;
    this.#frames = frames;
    this.#fanOut = fanOut;
    this.#counters = counters;
  }

  /** `tick`: the newest that anybody was told. */
  heard(link: ZoneLink, event: HeardEvent, tick: number): void {
    let frame: Uint8Array | null = null;
    for (const connection of this.#groups.listeners(link, event)) {
      if (connection.muted.has(event.from) || connection.state.kind === 'behind') continue;
      frame ??= this.#frames.message((out) => {
        out.u8(serverType.events);
        out.u8(tick & 0xff);
        out.varint(event.from);
        out.octets(event.body);
      });
      connection.outbox.push(frame);
      this.#fanOut.mark(connection);
      this.#counters.events_heard++;
    }
  }
}
