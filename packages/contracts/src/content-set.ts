import { isCount, jsonObject } from './toggle-set.ts';

/** All documents in force at a moment, unchecked: who takes them has the declarations. */
export interface ContentSet {
  /** The version that was put into force last. */
  readonly revision: number;
  readonly documents: readonly { readonly document: string; readonly version: number; readonly body: unknown }[];
}

/** For the subject `content`: said on every change, and again and again for those who came late or did not hear it. */
export function encodeContentSet(set: ContentSet): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(set));
}

/** Undefined when it is none. */
export function decodeContentSet(bytes: Uint8Array): ContentSet | undefined {
  const set = jsonObject(bytes);
  if (set === undefined || !isCount(set.revision) || !Array.isArray(set.documents)) return undefined;
  const documents: ContentSet['documents'][number][] = [];
  for (const each of set.documents as unknown[]) {
    if (typeof each !== 'object' || each === null) return undefined;
    const { document, version, body } = each as Record<string, unknown>;
    if (typeof document !== 'string' || !isCount(version)) return undefined;
    documents.push({ document, version, body });
  }
  return { revision: set.revision, documents };
}
