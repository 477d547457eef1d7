import { decodeAnswer } from './stored-answer.ts';

export type EventName = { device: string; writer: string; seq: number };

/** Where an event lies; `rejectedFor` where the ledger took its batch and not the event. */
export type FoundBatch = { batch: string; rejectedFor: string | null };

type Row = { id: string; answer: string };

/** The batch that holds each event, or null for an event that never came. */
export function findBatches(sql: SqlStorage, events: EventName[]): (FoundBatch | null)[] {
  const reasons = new Map<string, Map<number, string>>();
  return events.map((event) => {
    const row = findBatchOf(sql, event);
    if (!row) return null;
    const ofBatch = reasons.get(row.id) ?? rejectedIn(row);
    reasons.set(row.id, ofBatch);
    return { batch: row.id, rejectedFor: ofBatch.get(event.seq) ?? null };
  });
}

function findBatchOf(sql: SqlStorage, { device, writer, seq }: EventName): Row | undefined {
  return sql
    .exec<Row>(
      `SELECT id, answer FROM batches WHERE device = ? AND writer = ? AND to_seq >= ? AND from_seq <= ?
       ORDER BY to_seq LIMIT 1`,
      device,
      writer,
      seq,
      seq,
    )
    .toArray()[0];
}

const rejectedIn = ({ answer }: Row): Map<number, string> =>
  new Map(decodeAnswer(answer).rejected.map(({ seq, reason }) => [seq, reason]));
