import { ok, type Result } from '../../shared/core/result.ts';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { type CliFailure, failed } from '../failure.ts';
import { FILE_NAMES, type FitManifest, readFitFile, readFitted } from './fit-folder.ts';
import { openGraph } from './open-graph.ts';
import type { RuntimeName, Scorer } from './scorer.ts';

/**
 * What answers for the model in a folder: the runtime asked for, or our own where it can run the
 * graph, or onnxruntime; a model that has no graph answers itself.
 */
export async function openScorer(
  folder: string,
  manifest: FitManifest,
  asked: RuntimeName | undefined,
): Promise<Result<Scorer, CliFailure>> {
  if (!manifest.files.some(({ name }) => name === FILE_NAMES.onnx)) {
    if (asked === undefined) return openFitted(folder, manifest);
    return failed('version_files', `The model in ${folder} has no ONNX file: leave out --runtime.`);
  }
  const bytes = await readFitFile(folder, FILE_NAMES.onnx, manifest);
  if (!bytes.ok) return bytes;
  return openGraph(bytes.value, asked);
}

async function openFitted(
  folder: string,
  manifest: FitManifest,
): Promise<Result<Scorer, CliFailure>> {
  const read = await readFitted(folder, manifest);
  if (!read.ok) return read;
  const { predictor } = read.value;
  const { classes } = predictor;
  const score: Scorer['score'] = async (table) => {
    const values = predictModel(predictor, table);
    return { values, labels: classes.length === 0 ? null : likeliestLabels(values, classes) };
  };
  return ok({ runtime: 'fitted', score });
}

/** The first of the likeliest classes of each row. */
function likeliestLabels(values: Float32Array, classes: readonly string[]): string[] {
  return Array.from({ length: values.length / classes.length }, (_, row) => {
    const at = row * classes.length;
    let best = 0;
    for (let k = 1; k < classes.length; k++) if (values[at + k] > values[at + best]) best = k;
    return classes[best];
  });
}
