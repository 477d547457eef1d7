import { expect, test } from 'vitest';
import { type Comparison, judge } from './comparison.ts';

const measured = (mae: number, rmse = mae): Comparison['champion'] => ({
  ok: true,
  value: { mae, rmse, r2: 0.5, rows: 100 },
});
const notRun: Comparison['champion'] = {
  ok: false,
  error: { reason: 'unsupported_model', detail: 'operator Conv' },
};

test('the challenger is better when its error by the objective is smaller, and only then', () => {
  const comparison = { champion: measured(5, 6), challenger: measured(4.5, 7) };
  expect(judge(comparison, 'mae')).toEqual({
    isBetter: true,
    words: 'MAE on the newest fifth (100 rows): 4.500, champion 5.000.',
  });
  expect(judge(comparison, 'rmse')).toMatchObject({ isBetter: false });
  expect(judge({ champion: measured(5), challenger: measured(5) }, 'mae').isBetter).toBe(false);
});

test('of classifiers the greater area is the better one, and the smaller Brier score', () => {
  const classifier = (roc_auc: number, brier: number): Comparison['champion'] => ({
    ok: true,
    value: { roc_auc, brier, pr_auc: 0.5, log_loss: 0.4, accuracy: 0.8, ece: 0.02, rows: 100 },
  });
  const comparison = { champion: classifier(0.8, 0.15), challenger: classifier(0.82, 0.16) };
  expect(judge(comparison, 'roc_auc')).toEqual({
    isBetter: true,
    words: 'ROC-AUC on the newest fifth (100 rows): 0.820, champion 0.800.',
  });
  expect(judge(comparison, 'brier').isBetter).toBe(false);
  expect(judge(comparison, 'pr_auc').isBetter).toBe(false);
});

test('a champion that cannot be run here is not beaten, and the words say why', () => {
  const verdict = judge({ champion: notRun, challenger: measured(4) }, 'mae');
  expect(verdict.isBetter).toBe(false);
  expect(verdict.words).toContain('the champion cannot be run here: operator Conv');
});

test('a challenger that cannot be run here is not better, and the words say why', () => {
  const verdict = judge({ champion: measured(5), challenger: notRun }, 'mae');
  expect(verdict).toEqual({ isBetter: false, words: 'It cannot be run here: operator Conv.' });
});

test('a champion that leaves rows unanswered is not comparable, and the words say how many', () => {
  const unanswered: Comparison['champion'] = {
    ok: false,
    error: {
      ...{ reason: 'unanswered_rows', unanswered: 3, rows: 100 },
      detail: 'it answers no number to 3 of 100 rows',
    },
  };
  expect(judge({ champion: unanswered, challenger: measured(4) }, 'mae')).toEqual({
    isBetter: false,
    words:
      'MAE on the newest fifth (100 rows): 4.000; the champion cannot be compared: of the newest fifth it answers no number to 3 of 100 rows.',
  });
});
