import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { createRng } from '../../../shared/core/rng.ts';
import { fitPipeline, predictPipeline } from '../../../shared/learn/pipeline.ts';
import { NEURAL_ALGORITHMS } from '../../../shared/neural/algorithms.ts';
import { exportPipeline } from '../../../shared/onnx/export-pipeline.ts';
import { AWKWARD_INPUTS, awkwardTable, CLASSES_OF } from '../../support/awkward-rows.ts';

/** A model that was trained where this runs. */
export type TrainedInTab = { onnx: number[]; probabilities: number[]; seconds: number };

/** Trains on rows of its own, as an application would in a worker: its page stays awake. */
async function train(rows: number): Promise<TrainedInTab> {
  setWasmPaths('/wasm/');
  if (!(await setBackend('wasm'))) throw new Error('no WebAssembly');
  const table = awkwardTable(rows, 2);
  const startedMs = performance.now();
  const pipeline = fitPipeline(
    { task: 'binary', inputs: AWKWARD_INPUTS, table, classes: CLASSES_OF.binary, weights: null },
    { algorithm: NEURAL_ALGORITHMS[0], parameters: { batchNormalization: true, dropout: 0.1 } },
    { rng: createRng(1) },
  );
  const seconds = (performance.now() - startedMs) / 1000;
  const graph = exportPipeline(pipeline);
  if (!graph.ok) throw new Error(graph.error.detail);
  const probabilities = Array.from(predictPipeline(pipeline, table));
  return { onnx: Array.from(graph.value), probabilities, seconds };
}

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  postMessage(answer: TrainedInTab | { problem: string }): void;
};

scope.onmessage = ({ data }) => {
  train(data).then(
    (trained) => scope.postMessage(trained),
    (error: unknown) => scope.postMessage({ problem: String(error) }),
  );
};
