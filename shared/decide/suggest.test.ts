import { expect, test } from 'vitest';
import type { ErrorSums } from '../contracts/profile.ts';
import type { DriftResult, VersionSummary } from '../contracts/registry.ts';
import { addOutcome, createProfile } from '../stats/profile/traffic-profile.ts';
import { suggest } from './suggest.ts';
import { summariseVersion } from './summarise-version.ts';

const healthy: VersionSummary = {
  ...summariseVersion('1.0.0', createProfile(null)),
  ...{ predictions: 5000, bySource: { model: 5000, fallback: 0 }, fallbackRate: 0, outcomes: 400 },
};

/** Outcomes whose losses alternate between nothing and twice the mean. */
function outcomesOf(mean: number, n: number): ErrorSums {
  const profile = createProfile(null);
  for (let i = 0; i < n; i++)
    addOutcome(profile, { value: i % 2 ? 2 * mean : 0, predicted: 0, source: 'model' });
  return profile.outcomes.model;
}
const moved: DriftResult = {
  input: 'distance',
  verdict: 'drift',
  n: 500,
  needed: 100,
  psi: 0.32,
  statistic: 80,
  pValue: 1e-9,
  adjustedPValue: 1e-8,
  test: 'combined',
};
type Known = { mae?: number; n?: number; fallbackMae?: number; nFallback?: number };

const sentences = (
  { mae = 6, n = 400, fallbackMae = 8, nFallback = 0 }: Known = {},
  drift: DriftResult[] = [],
  summary: Partial<VersionSummary> = {},
): string[] =>
  suggest({ ...healthy, ...summary }, drift, {
    unit: 'min',
    labelOf: (input) => input.toUpperCase(),
    tested: { loss: 'mae', mean: 6 },
    outcomes: { model: outcomesOf(mae, n), fallback: outcomesOf(fallbackMae, nFallback) },
  }).map(({ sentence }) => sentence);

test('a healthy champion needs nothing', () => {
  expect(sentences()).toEqual([]);
});

test('an error that grew suggests retraining, with the inputs that moved or that none did', () => {
  expect(sentences({ mae: 9 }, [moved])).toEqual([
    'Retrain: MAE is 9\u202fmin over 400 outcomes, 6\u202fmin when tested. Inputs that moved: DISTANCE (PSI 0.32).',
  ]);
  expect(sentences({ mae: 9 })[0]).toContain('the relation itself may have changed');
});

test('drift that did not hurt is watched, also where no outcome tells', () => {
  expect(sentences({}, [moved])).toEqual([
    'Watch DISTANCE (PSI 0.32): moved from the reference, MAE is still 6\u202fmin.',
  ]);
  expect(sentences({ n: 0 }, [moved])[0]).toContain('no outcomes tell yet');
});

test('a model shown to be worse than its fallback is turned off, by a handful of answers it is not', () => {
  expect(sentences({ mae: 6, fallbackMae: 3, nFallback: 400 })).toEqual([
    "Turn the model off until it is retrained: its MAE is 6\u202fmin over 400 outcomes, the fallback's 3\u202fmin over 400.",
  ]);
  expect(sentences({ mae: 6, fallbackMae: 3, nFallback: 11 })).toEqual([]);
  expect(sentences({ mae: 6, fallbackMae: 5.8, nFallback: 60 })).toEqual([]);
});

test('missed deadlines and broken files are told apart, and missing outcomes asked for', () => {
  const failing = { bySource: { model: 4000, fallback: 1000 }, fallbackRate: 0.2 };
  expect(sentences({}, [], { ...failing, byReason: { deadline: 1000 } })[0]).toContain(
    '1000 of 5000 answers missed it',
  );
  expect(sentences({}, [], { ...failing, byReason: { integrity: 1000 } })[0]).toContain(
    'Check what is served',
  );
  expect(sentences({ n: 3 }, [], { outcomes: 3 })).toEqual([
    'Send outcomes: 3 for 5000 predictions, so the error is not known.',
  ]);
});

test('a classifier is spoken of by its Brier score', () => {
  const profile = createProfile(null, 'binary');
  for (let i = 0; i < 400; i++)
    addOutcome(profile, { value: i % 2, predicted: 0.6, source: 'model' });
  const told = suggest(healthy, [], {
    unit: '',
    labelOf: (input) => input,
    tested: { loss: 'brier', mean: 0.16 },
    outcomes: profile.outcomes,
  });
  expect(told).toMatchObject([{ action: 'retrain', numbers: { testedBrier: 0.16 } }]);
  expect(told[0].sentence).toMatch(/^Retrain: Brier score is 0.26 over 400 outcomes, 0.16 when/);
});
