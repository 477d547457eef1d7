import { uuidv7TimeMs } from '../../shared/core/ids.ts';

const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

export const artifactKey = (workspace: string, sha256: string): string =>
  `w/${workspace}/artifacts/${sha256}`;

/** A raw batch as it was received. The day is the batch id's own, so a resend finds the same key. */
export const batchKey = (workspace: string, model: string, batchId: string): string =>
  `w/${workspace}/telemetry/${model}/${dayOf(uuidv7TimeMs(batchId))}/${batchId}.ndjson.gz`;

/** Outcomes that came from a backend or a CSV, as OutcomeEvent lines without seq. */
export const outcomesKey = (
  workspace: string,
  model: string,
  contents: { receivedMs: number; sha256: string },
): string =>
  `w/${workspace}/outcomes/${model}/${dayOf(contents.receivedMs)}/${contents.sha256}.ndjson`;

/** Create-only: an R2 put with these headers answers null when the key is taken. */
export const createOnly = (): Headers => new Headers({ 'If-None-Match': '*' });

/** What a retraining keeps between its steps; nothing of it outlives the run. */
export const runPrefix = (workspace: string, runId: string): string =>
  `w/${workspace}/runs/${runId}/`;
