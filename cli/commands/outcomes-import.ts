import { resolve } from 'node:path';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Manifest } from '../../shared/contracts/manifest.ts';
import type { VersionView } from '../../shared/contracts/registry.ts';
import type { OutcomesRequest, OutcomesResponse } from '../../shared/contracts/telemetry.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting, type Tell } from '../command.ts';
import { findRemote, type Remote, type RemoteFlags } from '../credentials.ts';
import { type CliFailure, failed } from '../failure.ts';
import { type Classes, type OutcomesCsv, type RowIssue, readOutcomesCsv } from '../outcomes-csv.ts';
import { readText } from '../read-text.ts';

type Flags = RemoteFlags & { json: boolean; model: string };

type Imported = {
  model: string;
  rows: number;
  accepted: number;
  duplicate: number;
  /** Rows the server would not take: no such prediction, say. */
  rejected: { row: number; predictionId: string; reason: string }[];
  /** Rows that were not sent because they are not what the file should hold. */
  corrupt: RowIssue[];
};

const SHOWN_ROWS = 20;

/** Sends what really happened, from a CSV. Sending a file twice changes nothing. */
export const outcomesImport = reporting<Flags, [string]>(async ({ context, flags, tell }, path) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const text = await readText(resolve(context.cwd, path), path);
  if (!text.ok) return text;
  const classes = await classesOf(remote.value, flags.model);
  if (!classes.ok) return classes;
  const csv = readOutcomesCsv(text.value, classes.value);
  if (!csv.ok) return failed('rows', `${path} is refused.`, [describeIssue(csv.error.issue)]);
  const target = { remote: remote.value, model: flags.model };
  const imported = await sendInChunks(target, csv.value, tell);
  if (!imported.ok) return imported;
  const { rejected, corrupt } = imported.value;
  return ok({
    json: imported.value,
    sentences: describeImport(imported.value),
    isPartial: rejected.length + corrupt.length > 0,
  });
});

/** What the use case of the version that answers calls its two classes. */
async function classesOf(
  remote: Remote,
  model: string,
): Promise<Result<Classes | null, CliFailure>> {
  const path = `/v1/models/${model}/versions`;
  const found = await callApi<{ versions: VersionView[] }>(remote, {
    method: 'GET',
    path,
    holds: ['versions'],
  });
  return found.ok ? ok(servedClasses(found.value.versions)) : found;
}

type Named = Pick<VersionView, 'alias'> & { manifest: Pick<Manifest, 'task'> };

/**
 * The classes of the champion, whose rollouts have its classes too: a version that was only published may name
 * them the other way round. Before there is a champion those of the newest; null of a regression, and of none.
 * @param versions newest first
 */
export function servedClasses(versions: readonly Named[]): Classes | null {
  const served = versions.find(({ alias }) => alias === 'champion') ?? versions[0];
  const task = served?.manifest.task;
  if (task?.type !== 'binary') return null;
  const [negative, positive] = task.classes;
  return [negative.value, positive.value];
}

async function sendInChunks(
  { remote, model }: { remote: Remote; model: string },
  csv: OutcomesCsv,
  tell: Tell,
): Promise<Result<Imported, CliFailure>> {
  const { outcomes, issues } = csv;
  const rows = outcomes.length + issues.length;
  const total: Imported = { model, rows, accepted: 0, duplicate: 0, rejected: [], corrupt: issues };
  for (let from = 0; from < outcomes.length; from += LIMITS.outcomesPerRequest) {
    const chunk = outcomes.slice(from, from + LIMITS.outcomesPerRequest);
    const request: OutcomesRequest = { outcomes: chunk.map(({ outcome }) => outcome) };
    const answer = await callApi<OutcomesResponse>(remote, {
      method: 'POST',
      path: `/v1/models/${model}/outcomes`,
      json: request,
      holds: ['accepted', 'duplicate', 'rejected'],
    });
    if (!answer.ok) {
      const done = `${from} of ${outcomes.length} rows were sent before this; send the file again.`;
      return failed(answer.error.reason, `${answer.error.message} ${done}`, answer.error.details);
    }
    total.accepted += answer.value.accepted;
    total.duplicate += answer.value.duplicate;
    for (const { index, predictionId, reason } of answer.value.rejected) {
      total.rejected.push({ row: chunk[index].row, predictionId, reason });
    }
    tell(`Sent ${from + chunk.length} of ${outcomes.length}.`);
  }
  return ok(total);
}

function describeImport({ accepted, duplicate, rejected, corrupt }: Imported): string[] {
  const lines = [
    ...corrupt.map(describeIssue),
    ...rejected.map(({ row, predictionId, reason }) => `row ${row}: ${predictionId}: ${reason}`),
  ];
  const hidden = lines.length - SHOWN_ROWS;
  return [
    ...lines.slice(0, SHOWN_ROWS),
    ...(hidden > 0 ? [`... and ${hidden} rows more; --json lists them all.`] : []),
    `${accepted} accepted, ${duplicate} known already, ${rejected.length} rejected, ${corrupt.length} corrupt.`,
  ];
}

function describeIssue({ row, line, column, expected, found }: RowIssue): string {
  const where = row === null ? 'header' : `row ${row}`;
  const what = column ? `, column ${column}` : '';
  return `${where} (line ${line})${what}: expected ${expected}, found ${found}`;
}
