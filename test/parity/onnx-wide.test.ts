import { expect, test } from 'vitest';
import { createRng, shuffle } from '../../shared/core/rng.ts';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { inferTable } from '../../shared/table/infer-table.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import { expectSameAnswers } from '../support/onnx-judges.ts';
import { readReference } from './reference-data.ts';

const FILES = {
  multiclass: { path: 'data/gtzan/features_30_sec.csv', target: 'label' },
  regression: { path: 'data/food-delivery/Food_Delivery_Times.csv', target: 'Delivery_Time_min' },
} as const;
type FileTask = keyof typeof FILES;

const TRAINING_ROWS = 300;
const ASKED_ROWS = 120;

function parts(task: FileTask) {
  const { path, target } = FILES[task];
  const read = inferTable(readReference(path), { target, task });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { table, inputs, classes } = read.value;
  const order = shuffle(
    Uint32Array.from({ length: table.rows }, (_, row) => row),
    createRng(2),
  );
  const training = takeRows(table, order.slice(0, TRAINING_ROWS));
  const asked = takeRows(table, order.slice(TRAINING_ROWS, TRAINING_ROWS + ASKED_ROWS));
  return { inputs, classes: classes ?? [], training, asked };
}

/** In each row another number lies outside of what was learnt. */
function withOneOutside(table: Table, outsideOf: (low: number, high: number) => number): Table {
  const numbers = table.columns.flatMap(({ type }, c) => (type === 'number' ? [c] : []));
  const columns = table.columns.map((column, c) => {
    if (column.type !== 'number') return column;
    const known = column.values.filter((value) => !Number.isNaN(value)).sort();
    const outside = outsideOf(known[0], known[known.length - 1]);
    const values = column.values.map((value, row) =>
      numbers[row % numbers.length] === c ? outside : value,
    );
    return { ...column, values };
  });
  return { ...table, columns };
}

const exported = ALGORITHMS.filter(({ isExported }) => isExported).flatMap((algorithm) =>
  (Object.keys(FILES) as FileTask[])
    .filter((task) => algorithm.tasks.includes(task))
    .map((task) => [algorithm.name, task, algorithm] as const),
);

test.each(exported)(
  '%s (%s) on a real file: trainer, onnxruntime and our runtime answer alike, far outside too',
  async (_, task, algorithm) => {
    const { inputs, classes, training, asked } = parts(task);
    const data = { task, inputs, table: training, classes, weights: null };
    const pipeline = fitPipeline(data, { algorithm }, { rng: createRng(1) });
    const graph = exportPipeline(pipeline);
    if (!graph.ok) throw new Error(graph.error.detail);
    const threeRangesOut = withOneOutside(asked, (low, high) => high + 3 * (high - low));
    for (const table of [asked, threeRangesOut, withOneOutside(asked, () => 1e30)]) {
      const expected = predictPipeline(pipeline, table);
      expect(expected.every(Number.isFinite)).toBe(true);
      const labelled = isClassification(task) ? classes : [];
      await expectSameAnswers(graph.value, { table, expected, classes: labelled });
    }
  },
);
