/** The town's colours in one place: a warm late morning. */
export const palette = {
  grass: '#a3c46c',
  grassDark: '#8db35b',
  grassLight: '#b6d17c',
  earth: '#bf9f70',
  gravel: '#e4d2a6',
  gravelDark: '#cfb98a',
  cobbleGap: '#ab9c84',
  cobble: ['#d3c6ad', '#cbbca1', '#ddd1ba', '#c5b59b', '#d6c7b4'],
  slabGap: '#c4b08e',
  slab: ['#ead9b8', '#e5d2ae', '#efdfc2', '#e1ccaa', '#ecd7b9'],
  kerb: '#b7a88d',
  water: '#5fa9bd',
  waterDeep: '#4a93ac',
  waterLight: '#8fd0d6',
  quay: '#9d917f',
  quayDark: '#7f7567',
  planks: '#b98d5e',
  planksDark: '#99713f',
  stone: '#cfc5b4',
  stoneLight: '#e4dccd',
  stoneDark: '#a39a8b',
  ink: '#4a3a35',
  shadow: '#3a2a4a',
  wood: '#a4754a',
  woodDark: '#7a5437',
  leafHedge: '#6f9c4b',
  leafHedgeDark: '#587f3d',
  soil: '#8f6a48',
  iron: '#4c4a55',
  lampGlass: '#ffe9a8',
} as const;

export const walls = ['#f6ead2', '#f0dcb4', '#f1cfbd', '#dbe4e2', '#dde8cb', '#f8f2e7', '#efe3d8', '#f3d9a4'] as const;
export const roofs = ['#cf6f4d', '#bb5a45', '#d8924f', '#71859b', '#8a6a72', '#8f9a62', '#c96a5c', '#a9694a'] as const;
export const trims = ['#6d8f86', '#b5533f', '#4f6f93', '#8a5a3c', '#7d8f4f', '#c08a3e', '#6b5a86', '#3f7a72'] as const;
export const awnings = [
  '#d9604c',
  '#3f8f8a',
  '#e0a53f',
  '#6f86b8',
  '#b8577e',
  '#7d9f4f',
  '#d07f3f',
  '#4f7f9f',
] as const;
export const blossoms = ['#f26d6d', '#ffd25e', '#ffffff', '#f59ac2', '#b78be0', '#ff9f4f'] as const;

/** Mixes a colour with another, `amount` 0..1 of it. Both as #rrggbb. */
export function mix(colour: string, other: string, amount: number): string {
  const a = Number.parseInt(colour.slice(1), 16);
  const b = Number.parseInt(other.slice(1), 16);
  let out = 0;
  for (const shift of [16, 8, 0]) {
    const from = (a >> shift) & 255;
    const to = (b >> shift) & 255;
    out |= Math.round(from + (to - from) * amount) << shift;
  }
  return `#${out.toString(16).padStart(6, '0')}`;
}

export const darker = (colour: string, amount: number): string => mix(colour, palette.shadow, amount);
export const lighter = (colour: string, amount: number): string => mix(colour, '#fff6dd', amount);
