/** Colours of people, as the bytes red, green, blue, alpha of a little-endian integer. */
function bytes(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return ((255 << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

const coatHex = [
  '#cf4f45',
  '#3f86b0',
  '#e8a93c',
  '#6f9a4f',
  '#8f62a6',
  '#e08aa5',
  '#3f9f94',
  '#d97a3c',
  '#5b6fa8',
  '#b9a27c',
  '#f0ede4',
  '#7a5a4a',
] as const;
const skinHex = ['#fbdcc0', '#f0c49c', '#dca176', '#bf8157', '#94603d', '#6e442c'] as const;
const hairHex = ['#33262a', '#5a3a28', '#8f5a34', '#c98a45', '#e8c56f', '#b5482f', '#cfcac4', '#4a4a63'] as const;

export const coatColours: readonly number[] = coatHex.map(bytes);
export const skinColours: readonly number[] = skinHex.map(bytes);
export const hairColours: readonly number[] = hairHex.map(bytes);
