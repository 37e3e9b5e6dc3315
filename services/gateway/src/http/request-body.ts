import type { Readable } from 'node:stream';

export class BodyTooLarge extends Error {}
export class BodyTooSlow extends Error {}
/** Others are being read that fill what there is for all. */
export class BodiesTooMany extends Error {}

export interface BodyLimits {
  readonly bytesMax: number;
  /** From now to its end. */
  readonly withinMs: number;
  /** Of all that are not whole yet. */
  readonly allBytesMax: number;
}

/** Reads bodies in one piece each, and holds no more of all that are still coming than it may. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Rejects when it is beyond a limit, or its sender goes: what still comes is not kept then. */
  async read(body: Readable): Promise<Buffer> {
    const { bytesMax, allBytesMax } = this.#limits;
    const pieces: Buffer[] = [];
    let bytes = 0;
    const take = (piece: Buffer): Error | null => {
      bytes += piece.length;
      this.#held += piece.length;
      pieces.push(piece);
      if (bytes > bytesMax) return new BodyTooLarge();
      return this.#held > allBytesMax ? new BodiesTooMany() : null;
    };
    try {
      await this.#end(body, take);
      return Buffer.concat(pieces);
    } finally {
      this.#held -= bytes;
    }
  }

  #end(body: Readable, take: (piece: Buffer) => Error | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const heard = (piece: Buffer): void => {
        const unfit = take(piece);
        if (unfit !== null) failed(unfit);
      };
      const failed = (error: Error): void => {
        clearTimeout(late);
        body.off('data', heard).resume();
        reject(error);
      };
      const late = setTimeout(() => failed(new BodyTooSlow()), this.#limits.withinMs);
      body.on('data', heard);
      body.once('end', () => {
        clearTimeout(late);
        resolve();
      });
      body.once('error', failed);
      body.once('close', () => failed(new Error('whoever sent it has gone')));
    });
  }
}
