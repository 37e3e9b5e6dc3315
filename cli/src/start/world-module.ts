/** A world of one's own: a module whose default export is what `serve` returned. */
export const isWorldModule = (name: string): boolean => /\.(ts|mts|js|mjs)$/.test(name);
