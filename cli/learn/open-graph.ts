import { ok, type Result } from '../../shared/core/result.ts';
import { loadModel, type OnnxModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import type { Column, Table } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import { onnxruntimeScorer } from './onnxruntime-scorer.ts';
import { type RuntimeName, type Scorer, textsOf } from './scorer.ts';

export type GraphScorer = Scorer & { runtime: RuntimeName };

/** What runs a graph: the runtime asked for, or our own where it can, or onnxruntime. */
export async function openGraph(
  bytes: Uint8Array,
  asked?: RuntimeName,
): Promise<Result<GraphScorer, CliFailure>> {
  if (asked === 'onnxruntime') return onnxruntimeScorer(bytes);
  const loaded = loadModel(bytes);
  if (loaded.ok) return ok(ownScorer(loaded.value));
  if (asked === undefined && loaded.error.reason === 'unsupported_model')
    return onnxruntimeScorer(bytes);
  return failed('version_files', `Our own runtime cannot run the model: ${loaded.error.detail}.`);
}

function ownScorer(model: OnnxModel): GraphScorer {
  return {
    runtime: 'own',
    async score(table) {
      const { label, ...others } = model.runAll(feedsOf(table));
      const values = others[model.output].data as Float32Array;
      return { values, labels: label === undefined ? null : (label.data as readonly string[]) };
    },
  };
}

/** A graph's inputs, by name. */
export const feedsOf = (table: Table): Record<string, Tensor> =>
  Object.fromEntries(table.columns.map((column) => [column.name, feedOf(column)]));

/** A column as the graph's input of that name: [N, 1]. */
function feedOf(column: Column): Tensor {
  if (column.type === 'number')
    return { type: 'float', dims: [column.values.length, 1], data: column.values };
  return { type: 'string', dims: [column.codes.length, 1], data: textsOf(column) };
}
