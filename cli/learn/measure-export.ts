import { performance } from 'node:perf_hooks';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import type { Column } from '../../shared/table/table.ts';
import { textsOf } from './scorer.ts';

/** What a model costs those who run it: bytes of its ONNX file, microseconds of one row. */
export type SecondObjective = 'bytes' | 'latency';

const ROUNDS = 15;
const CALLS = 40;
const MICROSECONDS_PER_MS = 1000;

/** Throws where the pipeline has no graph, or our runtime cannot run it. */
export function measureExport(
  what: SecondObjective,
  pipeline: FittedPipeline,
  data: PipelineData,
): number {
  const file = exportPipeline(pipeline);
  if (!file.ok) throw new Error(file.error.detail);
  return what === 'bytes' ? file.value.length : latencyMicroseconds(file.value, data);
}

/** One row through our own runtime, feeds made before: the least mean of some rounds. */
function latencyMicroseconds(file: Uint8Array<ArrayBuffer>, data: PipelineData): number {
  const loaded = loadModel(file);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const { table } = takeData(data, [0]);
  const feeds = Object.fromEntries(table.columns.map((column) => [column.name, feedOf(column)]));
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now();
    for (let call = 0; call < CALLS; call++) loaded.value.run(feeds);
    return ((performance.now() - startedMs) / CALLS) * MICROSECONDS_PER_MS;
  });
  return Math.min(...rounds);
}

function feedOf(column: Column): Tensor {
  if (column.type === 'number')
    return { type: 'float', dims: [column.values.length, 1], data: column.values };
  return { type: 'string', dims: [column.codes.length, 1], data: textsOf(column) };
}
