import type { ShadowOutcome } from './batch-delta.ts';

export type OutcomeEntry = {
  prediction: string;
  bucketMs: number;
  version: string | null;
  source: 'model' | 'fallback';
  predicted: number;
  value: number;
  group?: string;
  shadow?: ShadowOutcome;
};

/** True where the prediction had no outcome before: the first one counts. */
export function insertOutcome(sql: SqlStorage, entry: OutcomeEntry): boolean {
  const inserted = sql.exec(
    `INSERT INTO outcomes (prediction, bucket_ms, version, source, predicted, value, group_name, folded)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING RETURNING 1`,
    entry.prediction,
    entry.bucketMs,
    entry.version ?? '',
    entry.source,
    entry.predicted,
    entry.value,
    entry.group ?? null,
  );
  const isNew = inserted.toArray().length > 0;
  if (isNew && entry.shadow) insertShadowOutcome(sql, entry, entry.shadow);
  return isNew;
}

/** Goes with the first outcome of a prediction, so it is counted once as that is. */
function insertShadowOutcome(sql: SqlStorage, entry: OutcomeEntry, shadow: ShadowOutcome): void {
  sql.exec(
    `INSERT INTO shadow_outcomes (prediction, bucket_ms, version, predicted, value, group_name)
     VALUES (?, ?, ?, ?, ?, ?)`,
    entry.prediction,
    shadow.bucketMs,
    shadow.version,
    shadow.predicted,
    entry.value,
    entry.group ?? null,
  );
}

/** Outcomes from a backend or a CSV. Must run inside a transaction. */
export function enterOutcomes(sql: SqlStorage, entries: OutcomeEntry[]): boolean[] {
  const isNew = entries.map((entry) => insertOutcome(sql, entry));
  sql.exec(
    "UPDATE counters SET outcomes = outcomes + ? WHERE name = 'ledger'",
    isNew.filter(Boolean).length,
  );
  return isNew;
}
