import * as v from 'valibot';

/** What may stand in the input of `edgewise experiment`, each kind of question as a schema; nothing else may. */

const finite = v.pipe(v.number(), v.finite());
const notNegative = v.pipe(finite, v.minValue(0));
const above0 = v.pipe(
  finite,
  v.check((value) => value > 0, 'Expected a number above 0'),
);
const count = v.pipe(notNegative, v.integer());
const sums = { sum: finite, sumSquares: finite };
const proportion = v.strictObject({ kind: v.literal('proportion'), n: v.number(), sum: finite });
const arm = v.variant('kind', [
  proportion,
  v.strictObject({
    kind: v.literal('mean'),
    n: v.number(),
    ...sums,
    covariate: v.optional(v.strictObject({ ...sums, sumProducts: finite })),
  }),
  v.strictObject({
    kind: v.literal('ratio'),
    n: v.number(),
    ...sums,
    denominator: v.strictObject(sums),
    sumProducts: finite,
  }),
]);
const scale = v.picklist(['relative', 'absolute']);
const parts = v.optional(
  v.array(v.strictObject({ name: v.string(), control: arm, treatment: arm })),
  () => [],
);
/** What every question about an effect says; each has a value if nothing is said. */
const asked = {
  alternative: v.optional(v.picklist(['two-sided', 'greater', 'less']), 'two-sided'),
  effect: v.optional(scale, 'relative'),
  alpha: v.optional(finite, 0.05),
  tuning: v.optional(v.pipe(finite, v.minValue(1)), 5000),
  prior: v.optional(
    v.nullable(v.strictObject({ mean: finite, variance: notNegative, kind: scale })),
    null,
  ),
  isInverse: v.optional(v.boolean()),
};
const kinds = ['welch', 'sequential', 'bayesian'] as const;

export const metric = v.strictObject({
  control: arm,
  treatment: arm,
  test: v.picklist(kinds),
  ...asked,
  /** What a report calls this metric. */
  name: v.optional(v.string()),
  /** Smallest effect worth having, on the scale of the effect: asks for a decision. */
  minEffect: v.optional(notNegative),
  /** How much worse is borne, on the scale of the effect: is it not worse by more? Asks for a decision. */
  margin: v.optional(notNegative),
  /** Shares of control and treatment that were meant: asks whether they got them. */
  weights: v.optional(v.tuple([above0, above0])),
  /** The same metric by day, in order (does the effect wear off?) and by segment (where is it another?). */
  days: parts,
  segments: parts,
  /** All units of both arms by stratum: the effect is post-stratified. */
  strata: parts,
  /** `growthbook`: its numbers throughout, none relative to a mean below 0. Else its search for a one-sided sequential p, or (`none`) the exact one. */
  compatibility: v.optional(v.picklist(['growthbook', 'none'])),
});

const share = v.pipe(
  finite,
  v.check((value) => value > 0 && value < 1, 'Expected a number between 0 and 1'),
);
const alpha = v.optional(share, 0.05);
export const plan = v.strictObject({
  plan: v.pipe(
    v.strictObject({
      ...asked,
      alpha,
      test: v.optional(v.picklist(kinds), 'welch'),
      baseline: finite,
      deviation: v.optional(above0),
      minEffect: v.optional(above0),
      margin: v.optional(above0),
      power: v.optional(share, 0.8),
      ratio: v.optional(above0, 1),
      unitsPerDay: v.optional(above0),
      units: v.optional(v.pipe(count, v.minValue(2))),
    }),
    v.check(
      ({ minEffect, margin, units }) =>
        [minEffect, margin].filter((one) => one !== undefined).length === 1 ||
        (minEffect === undefined && margin === undefined && units !== undefined),
      'Expected minEffect or margin, one of them, or units alone',
    ),
  ),
});

export const interleaving = v.strictObject({
  test: v.literal('interleaving'),
  name: v.optional(v.string()),
  wins: v.strictObject({ a: count, b: count }),
  alpha,
});

const banditArm = v.pipe(
  v.variant('kind', [
    v.strictObject({
      kind: v.literal('proportion'),
      name: v.optional(v.string()),
      n: count,
      sum: count,
    }),
    v.strictObject({ kind: v.literal('mean'), name: v.optional(v.string()), n: count, ...sums }),
  ]),
  v.check(
    (one) => one.kind === 'mean' || one.sum <= one.n,
    'Expected no more successes than units',
  ),
  v.check(
    (one) => one.kind === 'proportion' || one.sumSquares * one.n >= one.sum ** 2 * (1 - 1e-9),
    'Expected sums that do not contradict each other',
  ),
);
export const thompson = v.strictObject({
  test: v.literal('thompson'),
  arms: v.pipe(v.array(banditArm), v.minLength(2)),
  minUnits: v.optional(v.pipe(count, v.minValue(2)), 100),
});
