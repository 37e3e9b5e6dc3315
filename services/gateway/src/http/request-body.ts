import type { Readable } from 'node:stream';

export class BodyTooLarge extends Error {}
export class BodyTooSlow extends Error {}

export interface BodyLimits {
  readonly bytesMax: number;
  /** From now to its end. */
  readonly withinMs: number;
}

/** All of a body, in one piece. Rejects when it is beyond a limit, or its sender goes: what still comes is not kept then. */
export function readBody(body: Readable, { bytesMax, withinMs }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const take = (piece: Buffer): void => {
      bytes += piece.length;
      pieces.push(piece);
      if (bytes > bytesMax) failed(new BodyTooLarge());
    };
    const failed = (error: Error): void => {
      clearTimeout(late);
      body.off('data', take).resume();
      reject(error);
    };
    const late = setTimeout(() => failed(new BodyTooSlow()), withinMs);
    body.on('data', take);
    body.once('end', () => {
      clearTimeout(late);
      resolve(Buffer.concat(pieces));
    });
    body.once('error', failed);
    body.once('close', () => failed(new Error('whoever sent it has gone')));
  });
}
