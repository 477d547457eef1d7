import type { LedgerView } from '../../shared/contracts/registry.ts';

const SHOWN_WRITERS = 1000;

type Counters = {
  batches: number;
  events: number;
  predictions: number;
  outcomes: number;
  incidents: number;
  dropped: number;
  missing: number;
};

export function readCounters(sql: SqlStorage, name: 'ledger' | 'folded'): Counters {
  return sql
    .exec<Counters>(
      'SELECT batches, events, predictions, outcomes, incidents, dropped, missing FROM counters WHERE name = ?',
      name,
    )
    .one();
}

/** What has been entered, folded or not; of one device when it is named. */
export function readLedger(sql: SqlStorage, device: string | null): LedgerView {
  const writers = sql
    .exec<LedgerView['writers'][number]>(
      `SELECT device, writer, watermark, covered AS events, watermark - covered AS missing
       FROM writers WHERE ? IS NULL OR device = ? ORDER BY device, writer LIMIT ${SHOWN_WRITERS}`,
      device,
      device,
    )
    .toArray();
  if (device !== null) return { ...countDevice(sql, device), writers };
  const { batches, events, predictions, outcomes } = readCounters(sql, 'ledger');
  return { batches, events, predictions, outcomes, writers };
}

function countDevice(sql: SqlStorage, device: string): Omit<LedgerView, 'writers'> {
  const sums = sql
    .exec<{ batches: number; events: number; predictions: number }>(
      `SELECT count(*) AS batches, coalesce(sum(events), 0) AS events,
         coalesce(sum(predictions), 0) AS predictions
       FROM batches WHERE device = ? AND to_seq > 0`,
      device,
    )
    .one();
  const prefix = `${device}.`;
  const { outcomes } = sql
    .exec<{ outcomes: number }>(
      'SELECT count(*) AS outcomes FROM outcomes WHERE prediction >= ? AND prediction < ?',
      prefix,
      `${device}/`,
    )
    .one();
  return { ...sums, outcomes };
}
