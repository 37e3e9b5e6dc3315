import type { ServedWorld } from './serve.ts';

/** What rules are told of what is not in the world. */
export interface Outside {
  /** A document that the world declares, as it stands now. */
  content(document: string): unknown;
  /** Milliseconds since 1970. */
  unixMs(): number;
}

/** Where nobody changes anything, and time does not count. */
export function asDeclared({ world }: ServedWorld): Outside {
  return { content: (document) => world.definition.content?.[document]?.initial, unixMs: () => 0 };
}

/** Read when they are asked for: a handler sees what is in force at that moment. */
export function documentsOf({ world }: ServedWorld, outside: Outside): object {
  const documents = {};
  for (const document of Object.keys(world.definition.content ?? {}))
    Object.defineProperty(documents, document, { get: () => outside.content(document), enumerable: true });
  return documents;
}
