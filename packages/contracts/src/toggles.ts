/** What a toggle can be. Ranges are inclusive. */
export type ToggleDeclaration = {
  /** `world`: the same for everybody, so that its rules can name times and nobody in particular. */
  readonly scope: 'player' | 'world';
  readonly sentence: string;
} & (
  | { readonly type: 'boolean'; readonly default: boolean }
  | {
      readonly type: 'integer' | 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly unit: string;
    }
  | { readonly type: 'choice'; readonly default: string; readonly options: readonly string[] }
);

export type ToggleDeclarations = Readonly<Record<string, ToggleDeclaration>>;

export type ToggleValue = boolean | number | string;

/** What a toggle of this declaration evaluates to. */
export type ValueOf<T extends ToggleDeclaration> = T extends { type: 'boolean' }
  ? boolean
  : T extends { type: 'choice'; options: readonly (infer Option)[] }
    ? Option
    : number;

/**
 * What can be turned while the world runs, without a restart. A definition in the database says who gets which value;
 * without one, and whenever it can't be had, the default stands.
 */
export const toggles = {
  updateHz: {
    scope: 'world',
    type: 'integer',
    default: 120,
    min: 1,
    max: 120,
    unit: 'per second',
    sentence: 'How often players are told what changed around them; at most as often as the world ticks.',
  },
  viewRadiusCells: {
    scope: 'player',
    type: 'number',
    default: 8,
    min: 0,
    max: 8,
    unit: 'cells',
    sentence: "How far a player sees; never further than the world's own radius.",
  },
  bytesPerSPerPlayer: {
    scope: 'player',
    type: 'integer',
    default: 262_144,
    min: 4_096,
    max: 10_000_000,
    unit: 'B/s',
    sentence: 'What one player is sent at most.',
  },
  worldCapacity: {
    scope: 'world',
    type: 'integer',
    default: 10_000,
    min: 0,
    max: 1_000_000,
    unit: 'players',
    sentence: 'How many may be in the world at once; who comes on top waits.',
  },
  joinsPerS: {
    scope: 'world',
    type: 'integer',
    default: 200,
    min: 1,
    max: 100_000,
    unit: 'per second',
    sentence: 'How many who wait are let in.',
  },
} as const satisfies ToggleDeclarations;

export type ToggleName = keyof typeof toggles;
