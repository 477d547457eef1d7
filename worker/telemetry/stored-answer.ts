import type { RejectedEvent } from './parse-batch.ts';

/** What a resend is answered with. */
export type StoredAnswer = {
  status: 'appended' | 'overlap';
  accepted: number;
  rejected: RejectedEvent[];
};

/** Neighbours refused for one reason. */
type Run = { from: number; to: number; reason: string };
type Encoded = {
  status: StoredAnswer['status'];
  accepted: number;
  rejected: (Run | RejectedEvent)[];
};

/**
 * The answer as the ledger keeps it for ever. Neighbours with one reason are one entry, so a batch of
 * a thousand bad lines, which is a few bytes on its way, does not fill the object's storage.
 */
export function encodeAnswer({ status, accepted, rejected }: StoredAnswer): string {
  const runs: Run[] = [];
  for (const { seq, reason } of rejected) {
    const last = runs.at(-1);
    if (last?.reason === reason && last.to === seq - 1) last.to = seq;
    else runs.push({ from: seq, to: seq, reason });
  }
  const encoded: Encoded = { status, accepted, rejected: runs };
  return JSON.stringify(encoded);
}

/** @param text also one of before there were runs: an entry per event */
export function decodeAnswer(text: string): StoredAnswer {
  const { status, accepted, rejected } = JSON.parse(text) as Encoded;
  const events = rejected.flatMap((entry): RejectedEvent[] => {
    if ('seq' in entry) return [entry];
    const { from, to, reason } = entry;
    return Array.from({ length: to - from + 1 }, (_, i) => ({ seq: from + i, reason }));
  });
  return { status, accepted, rejected: events };
}
