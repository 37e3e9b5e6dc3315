import type { Area } from '../draw/canvas.ts';
import { type ChunkPicture, ChunkStudio } from '../draw/chunk-picture.ts';
import type { Subject } from '../draw/world-painter.ts';

/** What the page asks of the painter's thread: first whom to paint, then one square after the other. */
export type GroundRequest = { readonly subject: Subject; readonly pxPerM: number } | { readonly area: Area };

/** The thread's own side of the conversation; the compiler takes this for a page. */
const thread = globalThis as unknown as {
  onmessage: ((event: { readonly data: GroundRequest }) => void) | null;
  postMessage(picture: ChunkPicture, transfer: Transferable[]): void;
};

let studio: ChunkStudio | undefined;

thread.onmessage = ({ data }) => {
  if ('subject' in data) {
    studio = new ChunkStudio(data.subject, data.pxPerM);
    return;
  }
  const picture = studio?.paint(data.area);
  if (picture === undefined) return;
  thread.postMessage(picture, picture.over === null ? [picture.under] : [picture.under, picture.over]);
};
