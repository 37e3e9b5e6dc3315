import type { SocketLike } from '@lifeverse/client';
import type { World } from '@lifeverse/definition';
import { ByteReader, decodePrivate, serverType } from '@lifeverse/protocol';
import { PrivateCodec } from '@lifeverse/sync/common';

/** When one player's inputs were acknowledged, over all connections, as it is on the wire. */
export class AckWatch {
  readonly ackedMs: number[] = [];
  readonly #privates: PrivateCodec;
  #applied = 0;

  constructor(world: Pick<World, 'layout'>) {
    this.#privates = new PrivateCodec(world.layout);
  }

  /** A connection that is watched. */
  open(url: URL): SocketLike {
    const socket = new WebSocket(url);
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) this.#received(new Uint8Array(data));
    });
    return socket as unknown as SocketLike;
  }

  #received(bytes: Uint8Array): void {
    // Inputs are numbered anew from there.
    if (bytes[0] === serverType.welcome) this.#applied = 0;
    if (bytes[0] !== serverType.private) return;
    const body = decodePrivate(new ByteReader(bytes, 1))?.body ?? new Uint8Array(0);
    const word = body.length === 0 ? undefined : this.#privates.decode(body);
    if (word === undefined || word.position === null || word.applied <= this.#applied) return;
    this.#applied = word.applied;
    this.ackedMs.push(performance.now());
  }
}
