import type { Input, Task } from '../../../shared/contracts/declaration.ts';
import { isClass } from '../../telemetry/refuse-event.ts';
import type { ParquetColumn } from './parquet.ts';
import type { RawLabel, RawPrediction } from './raw-batches.ts';

/** A prediction and what really happened. `at`: Unix ms of the prediction. */
export type LabelledRow = RawPrediction & { value: number };

/**
 * Labels by prediction id; the first counts, as in the ledger, which refused what is no class of a binary task:
 * it was sent all the same, and lies among the raw events.
 */
export function labelMap(
  labels: Iterable<RawLabel>,
  { task, into = new Map() }: { task: Task['type']; into?: Map<string, number> },
) {
  for (const { prediction, value } of labels)
    if (!into.has(prediction) && (task !== 'binary' || isClass(value))) into.set(prediction, value);
  return into;
}

/** Predictions that have a label a float32 can hold. */
export function joinLabels(
  predictions: readonly RawPrediction[],
  labels: ReadonlyMap<string, number>,
): LabelledRow[] {
  return predictions.flatMap((prediction) => {
    const value = labels.get(prediction.id);
    return isFloat(value) ? [{ ...prediction, value }] : [];
  });
}

/** The columns of a dataset: the prediction's time, its inputs as they were typed, the outcome. */
export function datasetColumns(
  rows: readonly LabelledRow[],
  declared: { inputs: readonly Input[]; target: { name: string } },
): ParquetColumn[] {
  const number = (name: string, of: (row: LabelledRow) => unknown): ParquetColumn => ({
    name,
    type: 'DOUBLE',
    data: rows.map((row) => finiteOrNull(of(row))),
  });
  return [
    number('predicted_at_ms', (row) => row.at),
    ...declared.inputs.map(
      (input): ParquetColumn =>
        input.type === 'number'
          ? number(input.name, (row) => row.features[input.name])
          : {
              name: input.name,
              type: 'STRING',
              data: rows.map((row) => textOrNull(row.features[input.name])),
            },
    ),
    number(declared.target.name, (row) => row.value),
  ];
}

/** Models compute in float32: what is infinite there is no number to learn from. */
const isFloat = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(Math.fround(value));

const finiteOrNull = (value: unknown): number | null => (isFloat(value) ? value : null);

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
