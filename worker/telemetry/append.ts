import type { BatchHeader } from '../../shared/contracts/telemetry.ts';
import type { BatchDelta, DeltaOutcome } from './batch-delta.ts';
import { insertOutcome } from './enter-outcomes.ts';
import type { RejectedEvent } from './parse-batch.ts';
import type { StoredAnswer } from './stored-answer.ts';
import { decodeAnswer, encodeAnswer } from './stored-answer.ts';

export type AppendRequest = {
  header: BatchHeader;
  sha256: string;
  /** BucketProfile[] as JSON: kept as it is until the fold. */
  profiles: string;
  outcomes: DeltaOutcome[];
  rejected: RejectedEvent[];
  counts: Pick<BatchDelta, 'predictions' | 'incidents' | 'exposures' | 'shadows' | 'clamped'>;
  receivedMs: number;
};

export type AppendAnswer =
  | { status: 'conflict' }
  | {
      status: 'appended' | 'overlap';
      duplicate: boolean;
      accepted: number;
      rejected: RejectedEvent[];
    };

type WriterRow = { watermark: number; covered: number };

/** Enters a batch once. Must run inside a transaction: every table agrees or none is touched. */
export function appendBatch(sql: SqlStorage, request: AppendRequest): AppendAnswer {
  const known = findBatch(sql, request.header.batch);
  if (known) return repeatAnswer(known, request.sha256);
  const writer = findWriter(sql, request.header);
  if (overlaps(sql, request.header, writer)) return refuseOverlap(sql, request, writer);
  const rejected = [...request.rejected];
  for (const outcome of request.outcomes)
    if (!insertOutcome(sql, outcome)) rejected.push({ seq: outcome.seq, reason: 'outcome_exists' });
  rejected.sort((a, b) => a.seq - b.seq);
  const { from, to } = request.header;
  const accepted = to - from + 1 - rejected.length;
  const answer: StoredAnswer = { status: 'appended', accepted, rejected };
  insertBatch(sql, request, answer);
  const outcomes = accepted - countOther(request.counts);
  countBatch(sql, request, {
    accepted,
    outcomes,
    missing: noteRange(sql, request.header, { before: writer, isEntered: true }),
  });
  return { ...answer, duplicate: false };
}

const countOther = (counts: AppendRequest['counts']): number =>
  counts.predictions + counts.incidents + counts.exposures + counts.shadows;

function findBatch(sql: SqlStorage, id: string): { sha256: string; answer: string } | undefined {
  return sql
    .exec<{ sha256: string; answer: string }>('SELECT sha256, answer FROM batches WHERE id = ?', id)
    .toArray()[0];
}

function repeatAnswer(known: { sha256: string; answer: string }, sha256: string): AppendAnswer {
  if (known.sha256 !== sha256) return { status: 'conflict' };
  return { ...decodeAnswer(known.answer), duplicate: true };
}

function findWriter(sql: SqlStorage, { device, writer }: BatchHeader): WriterRow {
  const [row] = sql.exec<WriterRow>(
    'SELECT watermark, covered FROM writers WHERE device = ? AND writer = ?',
    device,
    writer,
  );
  return row ?? { watermark: 0, covered: 0 };
}

function overlaps(sql: SqlStorage, header: BatchHeader, writer: WriterRow): boolean {
  const { device, writer: name, from, to } = header;
  if (from > writer.watermark) return false;
  const rows = sql.exec(
    'SELECT 1 FROM batches WHERE device = ? AND writer = ? AND to_seq >= ? AND from_seq <= ? LIMIT 1',
    device,
    name,
    from,
    to,
  );
  return rows.toArray().length > 0;
}

/**
 * Some of these numbers came before under another batch id: counting them again would be double. Those
 * that did not are lost with them (the batch's delta cannot be parted), and are measured as missing.
 */
function refuseOverlap(sql: SqlStorage, request: AppendRequest, writer: WriterRow): AppendAnswer {
  const { from, to } = request.header;
  const rejected: RejectedEvent[] = [];
  for (let seq = from; seq <= to; seq++) rejected.push({ seq, reason: 'overlaps_batch' });
  const answer: StoredAnswer = { status: 'overlap', accepted: 0, rejected };
  insertBatch(sql, { ...request, header: { ...request.header, from: 0, to: -1 } }, answer);
  const missing = noteRange(sql, request.header, { before: writer, isEntered: false });
  sql.exec("UPDATE counters SET missing = missing + ? WHERE name = 'ledger'", missing);
  return { ...answer, duplicate: false };
}

function insertBatch(sql: SqlStorage, request: AppendRequest, answer: StoredAnswer): void {
  const { header, sha256, receivedMs, counts, profiles } = request;
  const isCounted = answer.status === 'appended';
  sql.exec(
    `INSERT INTO batches (id, sha256, device, writer, from_seq, to_seq, received_ms, answer,
       events, predictions, incidents, dropped, clamped, delta, folded)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    header.batch,
    sha256,
    header.device,
    header.writer,
    header.from,
    header.to,
    receivedMs,
    encodeAnswer(answer),
    answer.accepted,
    isCounted ? counts.predictions : 0,
    isCounted ? counts.incidents : 0,
    isCounted ? header.dropped.quota + header.dropped.age : 0,
    isCounted ? counts.clamped : 0,
    isCounted ? profiles : null,
    isCounted ? 0 : 1,
  );
}

/** Notes the range and answers by how much the known gaps of this writer grew (or shrank). */
function noteRange(
  sql: SqlStorage,
  header: BatchHeader,
  { before, isEntered }: { before: WriterRow; isEntered: boolean },
): number {
  const watermark = Math.max(before.watermark, header.to);
  const covered = before.covered + (isEntered ? header.to - header.from + 1 : 0);
  sql.exec(
    `INSERT INTO writers (device, writer, watermark, covered) VALUES (?, ?, ?, ?)
     ON CONFLICT (device, writer) DO UPDATE SET watermark = excluded.watermark, covered = excluded.covered`,
    header.device,
    header.writer,
    watermark,
    covered,
  );
  return watermark - covered - (before.watermark - before.covered);
}

function countBatch(
  sql: SqlStorage,
  { header, counts }: AppendRequest,
  sums: { accepted: number; outcomes: number; missing: number },
): void {
  sql.exec(
    `UPDATE counters SET batches = batches + 1, events = events + ?, predictions = predictions + ?,
       outcomes = outcomes + ?, incidents = incidents + ?, dropped = dropped + ?, clamped = clamped + ?,
       missing = missing + ? WHERE name = 'ledger'`,
    sums.accepted,
    counts.predictions,
    sums.outcomes,
    counts.incidents,
    header.dropped.quota + header.dropped.age,
    counts.clamped,
    sums.missing,
  );
}
