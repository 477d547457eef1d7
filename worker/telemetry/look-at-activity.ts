import type { ActivityView, LossForecast } from '../../shared/contracts/registry.ts';
import { BLAMED_REASONS } from '../../shared/contracts/telemetry.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/core/time.ts';
import { type ActivityVerdict, judgeActivity } from '../../shared/decide/activity.ts';
import { activityConditions, type Deployment } from '../../shared/decide/activity-conditions.ts';
import type { AlertCondition } from '../../shared/decide/alerts.ts';
import { floorTo } from '../../shared/decide/coarsening.ts';
import { boundOfLoss, forecastLoss } from '../../shared/decide/forecast-loss.ts';
import { lossNameOf, lossText } from '../../shared/decide/loss.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { forgetActivity, readActivity } from './activity-store.ts';
import { readMeta, writeMeta } from './schema.ts';
import { readWindow, versionKey } from './window-store.ts';

/** How long the last batches of an hour may take to come home before it is judged. */
const LATE_MS = 10 * MINUTE_MS;

export type ActivityLook = {
  champion: VersionBins;
  deployment: Deployment | null;
  nowMs: number;
};

export type LookedAtActivity = {
  view: ActivityView;
  conditions: AlertCondition[];
  forecast: LossForecast | null;
};

/** What the last whole hour says; judged once and kept, so that other looks cost a row. Null where it is not asked. */
export function lookAtActivity(sql: SqlStorage, look: ActivityLook): LookedAtActivity | null {
  const { champion, nowMs } = look;
  const alpha = champion.declaration.monitors.activity?.alpha ?? 0;
  if (alpha === 0) return null;
  const hourMs = floorTo(nowMs - LATE_MS, HOUR_MS) - HOUR_MS;
  const of = `${champion.version}@${hourMs}`;
  const kept = JSON.parse(readMeta(sql, 'activity') ?? '{}') as Partial<Kept>;
  if (kept.of === of && kept.looked) return kept.looked;
  const looked = judgeHour(sql, { ...look, hourMs, alpha });
  writeMeta(sql, 'activity', JSON.stringify({ of, looked } satisfies Kept));
  forgetActivity(sql, nowMs);
  return looked;
}

type Kept = { of: string; looked: LookedAtActivity };

function judgeHour(
  sql: SqlStorage,
  look: ActivityLook & { hourMs: number; alpha: number },
): LookedAtActivity {
  const { champion, deployment, hourMs, nowMs, alpha } = look;
  const { declaration, version } = champion;
  const loss = lossNameOf(declaration.task.type);
  const rows = readActivity(sql);
  const verdicts = judgeActivity(rows, { hourMs, alpha });
  const conditions = activityConditions(verdicts, {
    ...{ hourMs, rows, deployment, reasons: reasonsIn(sql, rows, hourMs) },
    lossText: (value) => lossText(loss, value, declaration.target.unit),
  });
  const limit = boundOfLoss(loss, declaration);
  const forecast = limit === null ? null : forecastLoss(rows, { version, loss, limit, nowMs });
  return { view: viewOf(hourMs, verdicts), conditions, forecast };
}

function viewOf(hourMs: number, verdicts: readonly ActivityVerdict[]): ActivityView {
  return {
    hour: new Date(hourMs).toISOString(),
    series: verdicts.map(({ sinceMs, ...one }) => ({
      ...one,
      since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
    })),
  };
}

function reasonsIn(
  sql: SqlStorage,
  rows: ReturnType<typeof readActivity>,
  hourMs: number,
): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const row of rows) {
    if (row.hourMs !== hourMs || row.fallbacks === 0) continue;
    const version = versionKey(row.version);
    const hour = { version, fromMs: hourMs, toMs: hourMs + HOUR_MS, bins: null };
    const profile = readWindow(sql, hour);
    for (const reason of BLAMED_REASONS)
      reasons[reason] = (reasons[reason] ?? 0) + (profile.reasons[reason] ?? 0);
  }
  return reasons;
}
