import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { judgeActivity } from './activity.ts';
import { activityConditions } from './activity-conditions.ts';
import type { ActivityHour } from './activity-series.ts';
import { forecastLoss, suggestByForecast } from './forecast-loss.ts';

const hour = (at: number, of: Partial<ActivityHour>): ActivityHour => ({
  ...{ hourMs: at * HOUR_MS, version: '1.0.0', predictions: 0, answers: 0, fallbacks: 0 },
  loss: { n: 0, sum: 0, sumSquares: 0 },
  ...of,
});

const usual = (at: number) => {
  const predictions = 200 + ((at * 37) % 29);
  return hour(at, { predictions, answers: predictions, fallbacks: 4 });
};

const month = Array.from({ length: 35 * 24 }, (_, at) => usual(at));

const judged = (rows: readonly ActivityHour[], at: number) =>
  judgeActivity(rows, { hourMs: at * HOUR_MS, alpha: 1e-4 });

const context = {
  rows: [],
  deployment: null,
  reasons: {},
  lossText: (loss: number) => `${loss} min`,
};

test('an hour without a row is an hour of silence', () => {
  const [predictions, fallbackRate] = judged(month, month.length);
  expect(predictions).toMatchObject({ verdict: 'unusual', value: 0, season: 'hour-of-week' });
  expect(predictions.sinceMs).toBe(month.length * HOUR_MS);
  expect(fallbackRate).toMatchObject({ verdict: 'insufficient_data', value: null });
});

test('traffic that ended is told for three days without a break at night, and then is how things are', () => {
  const byDay = (at: number) => {
    const isNight = at % 24 < 8;
    return hour(at, { predictions: isNight ? (at * 7) % 3 : 200 + ((at * 37) % 29) });
  };
  const rows = Array.from({ length: 35 * 24 }, (_, at) => byDay(at));
  const verdictAt = (at: number) => judged(rows, at)[0].verdict;
  const silent = Array.from({ length: 7 * 24 }, (_, at) => verdictAt(35 * 24 + at));
  expect(silent.slice(0, 72)).not.toContain('usual');
  expect(silent.filter((verdict) => verdict === 'unusual').length).toBeGreaterThan(30);
  expect(new Set(silent.slice(96))).toEqual(new Set(['usual']));
  const back = Array.from({ length: 24 }, (_, at) => byDay(40 * 24 + at));
  const verdicts = back.map(
    (_, i) => judged([...rows, ...back.slice(0, i + 1)], 40 * 24 + i)[0].verdict,
  );
  expect(verdicts).not.toContain('unusual');
});

test('fallbacks that became fewer and a change that is small are no anomaly', () => {
  const at = month.length;
  const fewer = hour(at, { predictions: 240, answers: 240, fallbacks: 0 });
  const verdicts = judged([...month, fewer], at).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(['usual', 'usual', 'insufficient_data']);
});

test('what is unusual says since when, after what, which version and why', () => {
  const at = month.length;
  const rows = [
    ...month,
    hour(at, { predictions: 100, answers: 100, fallbacks: 2 }),
    hour(at, { version: '1.2.0', predictions: 110, answers: 110, fallbacks: 60 }),
  ];
  const hourMs = at * HOUR_MS;
  const deployment = { atMs: hourMs + HOUR_MS / 4, words: '1.2.0 was promoted' };
  const reasons = { deadline: 5, runtime: 57 };
  const conditions = activityConditions(judged(rows, at), {
    ...context,
    ...{ hourMs, rows, deployment, reasons },
  });
  expect(conditions.map(({ rule, verdict }) => [rule, verdict])).toEqual([
    ['anomaly:predictions', 'clear'],
    ['anomaly:fallback_rate', 'firing'],
    ['anomaly:loss', 'unknown'],
  ]);
  expect(conditions[1].summary).toMatch(
    /^Fallback rate 29\.5 %, usually .* in this hour of the week; since Thu 00:00 UTC, when 1\.2\.0 was promoted; 96\.8 % of it by 1\.2\.0; most for runtime \(57\)$/,
  );
});

test.each([0, 5])('a loss that is always %d is usual, within an interval of numbers', (loss) => {
  const sums = { n: 30, sum: 30 * loss, sumSquares: 30 * loss * loss };
  const rows = month.map((row) => ({ ...row, loss: sums }));
  const { verdict, interval } = judged(rows, month.length - 1)[2];
  expect(verdict).toBe('usual');
  expect(interval?.[0]).toBeCloseTo(loss, 6);
  expect(interval?.[1]).toBeCloseTo(loss, 6);
});

test('no history is no verdict', () => {
  for (const { verdict, expected } of judged([], 5)) {
    expect(verdict).toBe('insufficient_data');
    expect(expected).toBeNull();
  }
});

const day = (at: number, mean: number) =>
  hour(at * 24 + 12, { loss: { n: 100, sum: 100 * mean, sumSquares: 200 * mean * mean } });
const asked = { version: '1.0.0', loss: 'mae', limit: 12, nowMs: 20 * DAY_MS } as const;
const noise = (at: number) => 0.2 * Math.sin(7 * at * at);

test('a loss that grows is foretold with an interval around the day on which it passes its bound', () => {
  const grows = Array.from({ length: 20 }, (_, at) => day(at, 6 + 0.2 * at + noise(at)));
  const forecast = forecastLoss(grows, asked);
  const days = (time: string | null | undefined) => Date.parse(time ?? '') / DAY_MS;
  expect(days(forecast?.at)).toBeCloseTo(30, -1);
  expect(days(forecast?.earliest)).toBeLessThan(days(forecast?.at));
  expect(days(forecast?.latest)).toBeGreaterThan(days(forecast?.at));
  const [suggestion] = suggestByForecast(forecast, 'min');
  expect(suggestion.sentence).toMatch(/MAE passes 12\smin around/);
});

test('a loss that falls, moves by chance, is too new or of another version is not foretold', () => {
  const series = (mean: (at: number) => number, length = 20) =>
    Array.from({ length }, (_, at) => day(at, mean(at)));
  expect(
    forecastLoss(
      series((at) => 10 - 0.2 * at),
      asked,
    ),
  ).toBeNull();
  expect(
    forecastLoss(
      series((at) => 11 + noise(at)),
      asked,
    ),
  ).toBeNull();
  expect(
    forecastLoss(
      series((at) => 6 + 0.2 * at, 13),
      asked,
    ),
  ).toBeNull();
  expect(
    forecastLoss(
      series((at) => 6 + 0.2 * at),
      { ...asked, version: '2.0.0' },
    ),
  ).toBeNull();
  expect(suggestByForecast(null, 'min')).toEqual([]);
});
