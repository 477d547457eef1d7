import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { NEURAL_ALGORITHMS } from '../../shared/neural/algorithms.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { AWKWARD_INPUTS, awkwardTable, CLASSES_OF, extremeTable } from '../support/awkward-rows.ts';
import { expectSameAnswers } from '../support/onnx-judges.ts';

const exported = [...ALGORITHMS, ...NEURAL_ALGORITHMS]
  .filter(({ isExported }) => isExported)
  .flatMap((algorithm) =>
    algorithm.tasks.map((task) => [algorithm.name, task, algorithm] as const),
  );

beforeAll(async () => {
  await setBackend('wasm');
});

test.each(exported)(
  '%s (%s): trainer, onnxruntime and our runtime answer alike',
  async (_, task, algorithm) => {
    const classes = isClassification(task) ? CLASSES_OF[task] : [];
    const table = awkwardTable(90, classes.length);
    const pipeline = fitPipeline(
      { task, inputs: AWKWARD_INPUTS, table, classes, weights: null },
      { algorithm },
      { rng: createRng(1) },
    );
    const graph = exportPipeline(pipeline);
    if (!graph.ok) throw new Error(graph.error.detail);
    for (const unseen of [awkwardTable(60, classes.length, 23), extremeTable(40)]) {
      const expected = predictPipeline(pipeline, unseen);
      expect(expected.every(Number.isFinite)).toBe(true);
      await expectSameAnswers(graph.value, { table: unseen, expected, classes });
    }
  },
);
