import type { Task } from '../../shared/contracts/declaration.ts';
import type { Profile } from '../../shared/contracts/profile.ts';
import { DAY_MS, HOUR_MS } from '../../shared/core/time.ts';
import type { ActivityHour } from '../../shared/decide/activity-series.ts';
import { floorTo } from '../../shared/decide/coarsening.ts';
import { lossMoments, lossNameOf } from '../../shared/decide/loss.ts';
import { fallbackRateOf } from '../../shared/decide/telemetry-rates.ts';
import { versionKey } from './window-store.ts';

const KEPT_MS = 60 * DAY_MS;

/** Adds what a bucket counted to the hour it began in. Must run in the transaction that marks it folded. */
export function addActivity(
  sql: SqlStorage,
  at: { bucketMs: number; version: string },
  { profile, task }: { profile: Profile; task: Task['type'] | undefined },
): void {
  const { model, fallback } = profile.predictions;
  const { events, n } = fallbackRateOf(profile);
  const loss = lossMoments(lossNameOf(task ?? 'regression'), profile.outcomes.model);
  sql.exec(
    `INSERT INTO activity (hour_ms, version, predictions, answers, fallbacks, outcomes, loss, loss_squares)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hour_ms, version) DO UPDATE SET
       predictions = predictions + excluded.predictions, answers = answers + excluded.answers,
       fallbacks = fallbacks + excluded.fallbacks, outcomes = outcomes + excluded.outcomes,
       loss = loss + excluded.loss, loss_squares = loss_squares + excluded.loss_squares`,
    floorTo(at.bucketMs, HOUR_MS),
    at.version,
    ...[model + fallback, n, events, loss.n, loss.sum, loss.sumSquares],
  );
}

type Row = {
  hour_ms: number;
  version: string;
  predictions: number;
  answers: number;
  fallbacks: number;
  outcomes: number;
  loss: number;
  loss_squares: number;
};

/** Every hour that is kept, by time. */
export function readActivity(sql: SqlStorage): ActivityHour[] {
  return sql
    .exec<Row>('SELECT * FROM activity ORDER BY hour_ms, version')
    .toArray()
    .map(({ hour_ms, version, predictions, answers, fallbacks, ...row }) => ({
      ...{ hourMs: hour_ms, version: version === versionKey(null) ? null : version },
      ...{ predictions, answers, fallbacks },
      loss: { n: row.outcomes, sum: row.loss, sumSquares: row.loss_squares },
    }));
}

export function forgetActivity(sql: SqlStorage, nowMs: number): void {
  sql.exec('DELETE FROM activity WHERE hour_ms < ?', nowMs - KEPT_MS);
}
