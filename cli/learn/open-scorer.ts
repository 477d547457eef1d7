import { ok, type Result } from '../../shared/core/result.ts';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { loadModel, type OnnxModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import type { Column } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import { FILE_NAMES, type FitManifest, readFitFile, readFitted } from './fit-folder.ts';
import { onnxruntimeScorer } from './onnxruntime-scorer.ts';
import { type RuntimeName, type Scorer, textsOf } from './scorer.ts';

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
  if (asked === 'onnxruntime') return onnxruntimeScorer(bytes.value);
  const loaded = loadModel(bytes.value);
  if (loaded.ok) return ok(ownScorer(loaded.value));
  if (asked === undefined && loaded.error.reason === 'unsupported_model')
    return onnxruntimeScorer(bytes.value);
  return failed('version_files', `Our own runtime cannot run the model: ${loaded.error.detail}.`);
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

function ownScorer(model: OnnxModel): Scorer {
  return {
    runtime: 'own',
    async score(table) {
      const feeds = Object.fromEntries(
        table.columns.map((column) => [column.name, feedOf(column)]),
      );
      const { label, ...others } = model.runAll(feeds);
      const values = others[model.output].data as Float32Array;
      return { values, labels: label === undefined ? null : (label.data as readonly string[]) };
    },
  };
}

/** A column as the graph's input of that name: [N, 1]. */
function feedOf(column: Column): Tensor {
  if (column.type === 'number')
    return { type: 'float', dims: [column.values.length, 1], data: column.values };
  return { type: 'string', dims: [column.codes.length, 1], data: textsOf(column) };
}
