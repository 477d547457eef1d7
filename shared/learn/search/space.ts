export type Choice = string | number | boolean;

/** Values a parameter may take, as Optuna's distributions. Bounds are included. */
export type Distribution =
  | { type: 'float'; low: number; high: number; log?: boolean; step?: number }
  | { type: 'int'; low: number; high: number; log?: boolean; step?: number }
  | { type: 'categorical'; choices: readonly Choice[] };

/** A parameter with `when` is there only where its parent has one of the values. */
export type SearchSpace = Readonly<
  Record<string, Distribution & { when?: { parameter: string; in: readonly Choice[] } }>
>;

export type Parameters = Record<string, Choice>;
