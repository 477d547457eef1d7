import type { Profile } from '../../shared/contracts/profile.ts';
import { mergeProfiles } from '../../shared/stats/profile/merge-profiles.ts';
import { addOutcome } from '../../shared/stats/profile/traffic-profile.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { UNASSIGNED_BUCKET_MS } from '../services/version-bins.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import { stepOf } from '../store/rollouts.ts';
import { addActivity } from './activity-store.ts';
import type { BucketProfile } from './batch-delta.ts';
import { decodeProfile, emptyProfile } from './profile-codec.ts';
import { mergeIntoEvidence, mergeIntoWindow } from './window-store.ts';

const BATCHES_PER_FOLD = 500;
const OUTCOMES_PER_FOLD = 5000;

type OutcomeRow = {
  prediction: string;
  bucket_ms: number;
  version: string;
  source: 'model' | 'fallback';
  predicted: number;
  value: number;
  group_name: string | null;
};
type ShadowOutcomeRow = Omit<OutcomeRow, 'source'>;

/** What a fold takes on: batches up to `lastEntry` and some outcomes, none of them folded yet. */
export type FoldWork = {
  batches: number;
  lastEntry: number;
  deltas: BucketProfile[];
  outcomes: OutcomeRow[];
  shadowOutcomes: ShadowOutcomeRow[];
};

export type FoldContext = {
  bins: ReadonlyMap<string, VersionBins>;
  /** The running rollout: what it sees is kept per step. */
  rollout: RolloutRow | null;
};

export function readWork(sql: SqlStorage): FoldWork {
  const batches = sql
    .exec<{ entry: number; delta: string }>(
      `SELECT entry, delta FROM batches WHERE folded = 0 ORDER BY entry LIMIT ${BATCHES_PER_FOLD}`,
    )
    .toArray();
  const outcomes = sql
    .exec<OutcomeRow>(
      `SELECT prediction, bucket_ms, version, source, predicted, value, group_name FROM outcomes
       WHERE folded = 0 LIMIT ${OUTCOMES_PER_FOLD}`,
    )
    .toArray();
  const shadowOutcomes = sql
    .exec<ShadowOutcomeRow>(
      `SELECT prediction, bucket_ms, version, predicted, value, group_name FROM shadow_outcomes
       LIMIT ${OUTCOMES_PER_FOLD}`,
    )
    .toArray();
  return {
    batches: batches.length,
    lastEntry: batches.at(-1)?.entry ?? 0,
    deltas: batches.flatMap((row) => JSON.parse(row.delta) as BucketProfile[]),
    outcomes,
    shadowOutcomes,
  };
}

export const isWork = ({ batches, outcomes, shadowOutcomes }: FoldWork): boolean =>
  batches > 0 || outcomes.length > 0 || shadowOutcomes.length > 0;

/** Versions whose bins the fold needs. */
export function versionsIn(work: FoldWork): Set<string> {
  const versions = new Set<string>();
  for (const { version } of work.deltas) if (version !== null) versions.add(version);
  for (const { version } of work.outcomes) if (version !== '') versions.add(version);
  for (const { version } of work.shadowOutcomes) versions.add(version);
  return versions;
}

/**
 * Merges the work into windows, evidence and counters and marks it folded. Must run inside a
 * transaction: a crash before its end leaves the same work to do, one after it none.
 */
export function fold(sql: SqlStorage, work: FoldWork, context: FoldContext): void {
  for (const sum of sumByBucket(work, context).values()) {
    const { bucketMs, version, profile, isShadow } = sum;
    const bins = context.bins.get(version) ?? null;
    if (!isShadow) {
      mergeIntoWindow(sql, { bucketMs, version }, { bins, profile });
      addActivity(sql, { bucketMs, version }, { profile, task: bins?.task });
    }
    const { rollout } = context;
    const evidence = rollout && evidenceOf(sum, rollout, context);
    if (!rollout || !evidence) continue;
    const at = { rollout: rollout.id, step: rollout.step_index, version };
    mergeIntoEvidence(sql, at, { bins, profile: evidence });
  }
  countFolded(sql, work);
  sql.exec(
    'UPDATE batches SET folded = 1, delta = NULL WHERE folded = 0 AND entry <= ?',
    work.lastEntry,
  );
  for (const { prediction } of work.outcomes)
    sql.exec('UPDATE outcomes SET folded = 1 WHERE prediction = ?', prediction);
  for (const { prediction } of work.shadowOutcomes)
    sql.exec('DELETE FROM shadow_outcomes WHERE prediction = ?', prediction);
}

type BucketSum = { bucketMs: number; version: string; profile: Profile; isShadow: boolean };

/** One profile per bucket and version, so that each table row is read and written once. */
function sumByBucket(work: FoldWork, { bins }: FoldContext): Map<string, BucketSum> {
  const sums = new Map<string, BucketSum>();
  const sumAt = (bucketMs: number, version: string, isShadow: boolean): Profile => {
    const key = `${version}@${bucketMs}${isShadow ? ' shadow' : ''}`;
    let sum = sums.get(key);
    if (!sum) {
      const profile = emptyProfile(bins.get(version) ?? null);
      sum = { bucketMs, version, profile, isShadow };
      sums.set(key, sum);
    }
    return sum.profile;
  };
  for (const { bucketMs, version, profile, isShadow = false } of work.deltas) {
    const key = version ?? '';
    const decoded = decodeProfile(profile, bins.get(key) ?? null);
    mergeProfiles(sumAt(bucketMs, key, isShadow), decoded);
  }
  const count = (row: ShadowOutcomeRow, source: OutcomeRow['source'], isShadow: boolean): void => {
    const outcome = { ...row, source, group: row.group_name ?? undefined };
    const interval = bins.get(row.version)?.interval ?? null;
    addOutcome(sumAt(row.bucket_ms, row.version, isShadow), outcome, interval);
  };
  for (const row of work.outcomes) count(row, row.source, false);
  for (const row of work.shadowOutcomes) count(row, 'model', true);
  return sums;
}

/**
 * What of a sum the gates of the present step look at; null for nothing. In a shadow step the challenger is what
 * it answers in the shadow, and the incidents of devices that could not run it: what it may have answered
 * elsewhere (as a champion of before) is not compared. In a step that serves, a late shadow says nothing.
 */
function evidenceOf(
  { bucketMs, version, profile, isShadow }: BucketSum,
  rollout: RolloutRow,
  { bins }: FoldContext,
): Profile | null {
  if (!isEvidence({ bucketMs, version }, rollout, bins.get(version))) return null;
  const isShadowStep = stepOf(rollout).mode === 'shadow';
  if (isShadow) return isShadowStep && version === rollout.challenger ? profile : null;
  if (!isShadowStep || version !== rollout.challenger) return profile;
  return { ...emptyProfile(bins.get(version) ?? null), incidents: profile.incidents };
}

/**
 * What happened during the step counts for it, and what happened before it in the bucket it began in
 * (events are known by bucket alone), for the two sides that it compares alike.
 */
function isEvidence(
  { bucketMs, version }: { bucketMs: number; version: string },
  rollout: RolloutRow,
  bins: VersionBins | undefined,
): boolean {
  if (version !== rollout.champion && version !== rollout.challenger) return false;
  const widthMs = bins?.bucketMs ?? UNASSIGNED_BUCKET_MS;
  return bucketMs + widthMs > Date.parse(rollout.step_started_at);
}

function countFolded(sql: SqlStorage, work: FoldWork): void {
  sql.exec(
    `UPDATE counters SET
       batches = counters.batches + sums.batches, events = counters.events + sums.events,
       predictions = counters.predictions + sums.predictions,
       incidents = counters.incidents + sums.incidents, dropped = counters.dropped + sums.dropped,
       clamped = counters.clamped + sums.clamped, outcomes = counters.outcomes + ?
     FROM (SELECT count(*) AS batches, coalesce(sum(events), 0) AS events,
             coalesce(sum(predictions), 0) AS predictions, coalesce(sum(incidents), 0) AS incidents,
             coalesce(sum(dropped), 0) AS dropped, coalesce(sum(clamped), 0) AS clamped
           FROM batches WHERE folded = 0 AND entry <= ?) AS sums
     WHERE name = 'folded'`,
    work.outcomes.length,
    work.lastEntry,
  );
}
