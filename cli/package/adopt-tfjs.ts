import { ok, type Result } from '../../shared/core/result.ts';
import { type Table, valueAt } from '../../shared/table/table.ts';
import { baselineOf } from '../../shared/train/baseline.ts';
import { openOnCpu } from '../../web/sdk/inference/open-on-cpu.ts';
import { type CliFailure, messageOf } from '../failure.ts';
import type { Foreign } from './adopt-foreign.ts';
import { type Asked, mustAnswer, notUsable } from './must-answer.ts';

/**
 * A tfjs layers or graph model as one file, run on tfjs's plain backend as devices will: the inputs in
 * declared order, categories one-hot, what is missing as its usual value among the rows.
 */
export async function adoptTfjs(
  bytes: Uint8Array<ArrayBuffer>,
  asked: Asked,
): Promise<Result<Foreign, CliFailure>> {
  const { inputs } = asked.useCase;
  try {
    const opened = await openOnCpu({ model: bytes, inputs, baseline: baselineOf(asked.table) });
    const predict = async (rows: Table) =>
      opened.run(rows.columns.map((column) => rawValues(column, rows.rows)));
    const answered = await mustAnswer(predict, asked);
    if (!answered.ok) return answered;
    const model = { bytes, format: 'tfjs' as const, predict };
    return ok({ model, runtime: 'tfjs', producer: 'tfjs', isTurned: false });
  } catch (error) {
    return notUsable(messageOf(error));
  }
}

const rawValues = (column: Table['columns'][number], rows: number): (number | string)[] => {
  const missing = column.type === 'number' ? Number.NaN : '';
  return Array.from({ length: rows }, (_, row) => valueAt(column, row) ?? missing);
};
