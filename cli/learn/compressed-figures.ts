import { ok, type Result } from '../../shared/core/result.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import type { KnownRows } from '../../shared/learn/row-prints.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Table } from '../../shared/table/table.ts';
import type { CliFailure } from '../failure.ts';
import { canTellClasses } from './both-classes.ts';
import type { Candidate } from './compress-candidates.ts';
import { FILE_NAMES, type FitManifest, readFitted } from './fit-folder.ts';
import { describeInterval, intervalOf } from './fit-interval.ts';
import { isPredicted, unseenRows } from './hold-out.ts';
import { measure } from './measure.ts';
import { feedsOf } from './open-graph.ts';

/** What a manifest says of how well a model answers. */
export type Figures = Pick<FitManifest, 'metrics' | 'interval' | 'anomaly' | 'fairness'>;

export type TakenFigures = { figures: Figures; sentences: string[] };

/** Prints of the rows that a model has learnt; null: its folder does not say. */
export async function readKnownRows(
  folder: string,
  manifest: FitManifest,
): Promise<Result<KnownRows | null, CliFailure>> {
  if (manifest.files.every(({ name }) => name !== FILE_NAMES.fitted)) return ok(null);
  const fitted = await readFitted(folder, manifest);
  return fitted.ok ? ok(fitted.value.known ?? null) : fitted;
}

/**
 * The figures of a smaller model: those of the rows that it has not learnt, and no others; what only the
 * model before was measured for, its threshold of anomalies and its groups, is left out. Merging changes
 * no answer: what was measured before holds.
 */
export function figuresOf(
  { methods, bytes }: Candidate,
  { manifest, table, known }: { manifest: FitManifest; table: Table; known: KnownRows | null },
): TakenFigures {
  const { metrics, interval, anomaly, fairness, task, inputs } = manifest;
  const before = { metrics, interval, ...(anomaly && { anomaly }), ...(fairness && { fairness }) };
  if (methods.every((method) => method === 'merge')) return { figures: before, sentences: [] };
  const classes = manifest.classes ?? [];
  const all: PipelineData = { task, inputs, table, classes, weights: null };
  const unseen = known && takeData(all, unseenRows(all, known.learnt));
  const measured = unseen && measureSmaller(unseen, { bytes, quantile: quantileOf(manifest) });
  const figures = measured?.figures ?? { metrics: {}, interval: null };
  const gone = [
    ...(measured === null ? ['figures'] : []),
    ...(interval !== null && figures.interval === null ? ['interval'] : []),
    ...(anomaly === undefined ? [] : ['threshold of anomalies']),
    ...(fairness === undefined ? [] : ['groups']),
  ];
  const left = `The manifest leaves out what was measured of the model before: ${gone.join(', ')}.`;
  return {
    figures,
    sentences: [...(measured?.sentences ?? []), ...(gone.length > 0 ? [left] : [])],
  };
}

/** Null where the rows do not tell. */
function measureSmaller(
  data: PipelineData,
  { bytes, quantile }: { bytes: Uint8Array; quantile: number | null },
): TakenFigures | null {
  if (data.table.rows === 0 || !canTellClasses(data.task, data.table.target)) return null;
  const loaded = loadModel(bytes);
  if (!loaded.ok) throw new Error(`Broken invariant: it was measured: ${loaded.error.detail}`);
  const predictions = loaded.value.run(feedsOf(data.table));
  const asked = { isLabelled: isPredicted(data.task), threshold: null, quantile };
  const { metrics, sentence } = measure(data, predictions, asked);
  const interval = intervalOf(data, predictions);
  return {
    figures: { metrics: { test: metrics }, interval },
    sentences: [sentence, ...(interval === null ? [] : [describeInterval(interval)])],
  };
}

/** What of a target is predicted; null: its mean. */
function quantileOf({ metrics }: FitManifest): number | null {
  const { quantile } = { ...(metrics.test as { quantile?: unknown } | undefined) };
  return typeof quantile === 'number' ? quantile : null;
}
