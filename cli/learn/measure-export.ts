import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { loadModel, type OnnxModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import type { Column } from '../../shared/table/table.ts';
import { textsOf } from './scorer.ts';
import { garbageCollector } from './thread-memory.ts';

/**
 * What a model costs those who run it: bytes of its ONNX file, microseconds of one row, bytes that our
 * own runtime holds once it has loaded the file and answered.
 */
export const MODEL_COSTS = ['bytes', 'latency', 'memory'] as const;
export type ModelCost = (typeof MODEL_COSTS)[number];

const ROUNDS = 15;
const CALLS = 40;
/** Small models are loaded more often, so that what else lives in the heap does not matter. */
const LOADED_BYTES = 5e5;
const MOST_COPIES = 100;
const LEAST_COPIES = 3;
const MICROSECONDS_PER_MS = 1000;

/** Throws where the pipeline has no graph, or our runtime cannot run it. */
export function measureExport(
  what: ModelCost,
  pipeline: FittedPipeline,
  data: PipelineData,
): number {
  const file = exportPipeline(pipeline);
  if (!file.ok) throw new Error(file.error.detail);
  if (what === 'bytes') return file.value.length;
  const { table } = takeData(data, [0]);
  const feeds = Object.fromEntries(table.columns.map((column) => [column.name, feedOf(column)]));
  return what === 'latency'
    ? latencyMicroseconds(file.value, feeds)
    : loadedBytes(file.value, feeds);
}

type Feeds = Readonly<Record<string, Tensor>>;

function load(file: Uint8Array<ArrayBuffer>): OnnxModel {
  const loaded = loadModel(file);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return loaded.value;
}

/** One row through our own runtime, feeds made before: the least mean of some rounds. */
function latencyMicroseconds(file: Uint8Array<ArrayBuffer>, feeds: Feeds): number {
  const model = load(file);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now();
    for (let call = 0; call < CALLS; call++) model.run(feeds);
    return ((performance.now() - startedMs) / CALLS) * MICROSECONDS_PER_MS;
  });
  return Math.min(...rounds);
}

/**
 * By how much the heap and what lies outside it grow for each copy that is loaded, each from a copy of
 * the file and with one answer given, after V8 has freed the rest.
 */
function loadedBytes(file: Uint8Array<ArrayBuffer>, feeds: Feeds): number {
  const collect = freeing();
  const fitting = Math.ceil(LOADED_BYTES / file.length);
  const copies = Math.max(LEAST_COPIES, Math.min(MOST_COPIES, fitting));
  // What the first one compiles is not the model's.
  load(file.slice()).run(feeds);
  const models: OnnxModel[] = new Array(copies);
  collect();
  const before = usedBytes();
  for (let i = 0; i < copies; i++) {
    models[i] = load(file.slice());
    models[i].run(feeds);
  }
  collect();
  const bytes = (usedBytes() - before) / models.length;
  return Math.max(0, Math.round(bytes));
}

/** Arrays that one collection finds dead are counted as freed by the next. */
function freeing(): () => void {
  const collect = garbageCollector();
  return () => {
    collect();
    collect();
  };
}

function usedBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function feedOf(column: Column): Tensor {
  if (column.type === 'number')
    return { type: 'float', dims: [column.values.length, 1], data: column.values };
  return { type: 'string', dims: [column.codes.length, 1], data: textsOf(column) };
}
