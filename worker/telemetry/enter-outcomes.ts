export type OutcomeEntry = {
  prediction: string;
  bucketMs: number;
  version: string | null;
  source: 'model' | 'fallback';
  predicted: number;
  value: number;
};

/** True where the prediction had no outcome before: the first one counts. */
export function insertOutcome(sql: SqlStorage, entry: OutcomeEntry): boolean {
  const inserted = sql.exec(
    `INSERT INTO outcomes (prediction, bucket_ms, version, source, predicted, value, folded)
     VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING RETURNING 1`,
    entry.prediction,
    entry.bucketMs,
    entry.version ?? '',
    entry.source,
    entry.predicted,
    entry.value,
  );
  return inserted.toArray().length > 0;
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
