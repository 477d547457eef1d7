import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { gateSentence } from '../../shared/report/kinds/gate-words.ts';
import { performanceReport } from '../../shared/report/kinds/performance-report.ts';
import { modelPerformance } from '../../shared/stats/performance/model-performance.ts';
import { gateForecasts } from './performance-gates.ts';

/** Right in 95 % of the first rows, and in a percentage point less every thousand. */
function fading(rows: number, chunk: number) {
  const rng = createRng(7);
  const truth = Array.from({ length: rows }, () => rng() < 0.5);
  const predicted = truth.map((label, i) => (rng() < 0.95 - i / 1e5 ? label : !label));
  return modelPerformance({ task: 'decision', truth, predicted }, chunk);
}

test('a figure that falls is told when it crosses its gate, where it holds, and where it has', () => {
  const performance = fading(20_000, 1000);
  const told = gateForecasts(performance, 'accuracy=0.7, recall=0.99');
  if (!told.ok || !told.value) throw new Error('two gates were asked for');
  const [ahead, behind] = told.value;
  expect(ahead).toMatchObject({ name: 'accuracy', limit: 0.7, worse: 'down' });
  expect(ahead.crossing).toMatchObject({ verdict: 'will_cross' });
  expect(ahead.crossing!.earliest!).toBeLessThan(25_000);
  expect(ahead.crossing!.latest!).toBeGreaterThan(25_000);
  expect(ahead.crossing!.earliest!).toBeGreaterThan(20_000);
  expect(gateSentence(ahead)).toMatch(
    /^Accuracy will cross 70 % at row 2\d\s\d{3} \(95 % interval/,
  );
  expect(gateSentence(ahead)).toMatch(/it falls by \d(\.\d+)? points? in 1000 rows/);
  expect(behind.crossing!.verdict).toBe('crossed');
  expect(gateSentence(behind)).toContain('Recall has crossed 99 %');
  const report = performanceReport(performance, {
    ...{ title: 't', subject: 's', histogram: null, changes: null },
    gates: told.value,
  });
  expect(JSON.stringify(report)).toContain('Accuracy will cross 70 %');
});

test('an error gets worse upwards, and what gets better holds', () => {
  const truth = Array.from({ length: 400 }, (_, i) => i);
  const worse = truth.map((value, i) => value + 1 + i / 100 + (i % 7) / 10);
  const performance = modelPerformance({ task: 'regression', truth, predicted: worse }, 50);
  const told = gateForecasts(performance, 'mae=8');
  if (!told.ok || !told.value) throw new Error('a gate was asked for');
  expect(told.value[0]).toMatchObject({ worse: 'up', crossing: { verdict: 'will_cross' } });
  const better = modelPerformance(
    { task: 'regression', truth, predicted: truth.map((value, i) => value + 9 - i / 100) },
    50,
  );
  const held = gateForecasts(better, 'mae=12');
  if (!held.ok || !held.value) throw new Error('a gate was asked for');
  expect(gateSentence(held.value[0])).toContain('does not move towards 12');
});

test('a gate needs a figure that is there, a number, and three chunks', () => {
  const performance = fading(2000, 1000);
  expect(gateForecasts(performance, undefined)).toMatchObject({ ok: true, value: null });
  for (const asked of ['accuracy', 'accuracy=', 'accuracy=high', '=0.5', 'acc=0.9', 'mean_error=1'])
    expect(gateForecasts(performance, asked)).toMatchObject({ ok: false });
  const few = gateForecasts(performance, 'accuracy=0.9');
  if (!few.ok || !few.value) throw new Error('a gate was asked for');
  expect(few.value[0].crossing).toBeNull();
  expect(gateSentence(few.value[0])).toContain('at least three chunks');
});
