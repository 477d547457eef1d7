import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { readTfjsModel } from '../../shared/neural/tfjs-model/read-tfjs-model.ts';
import { type Table, valueAt } from '../../shared/table/table.ts';
import { baselineOf } from '../../shared/train/baseline.ts';
import { openOnCpu } from '../../web/sdk/inference/open-on-cpu.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import type { Foreign } from './adopt-foreign.ts';
import { type Asked, mustAnswer, notUsable } from './must-answer.ts';
import { readModelFile } from './read-model-file.ts';

/**
 * A tfjs layers or graph model as one file, run on tfjs's plain backend as devices will: the inputs in
 * declared order, categories one-hot, what is missing as its usual value among the rows.
 * @param path of model.json; its shards lie beside it
 */
export async function adoptTfjs(path: string, asked: Asked): Promise<Result<Foreign, CliFailure>> {
  const { useCase, table } = asked;
  const modelJson = await readModelFile(path);
  if (!modelJson.ok) return modelJson;
  const shards = await readShards(dirname(path));
  if (!shards.ok) return shards;
  const text = new TextDecoder().decode(modelJson.value);
  const file = readTfjsModel({ modelJson: text, shards: shards.value });
  if (!file.ok) return notUsable(file.error.detail);
  const { inputs } = useCase;
  try {
    const opened = await openOnCpu({ model: file.value, inputs, baseline: baselineOf(table) });
    const predict = async (rows: Table) =>
      opened.run(rows.columns.map((column) => rawValues(column, rows.rows)));
    const answered = await mustAnswer(predict, asked);
    if (!answered.ok) return answered;
    const model = { bytes: file.value, format: 'tfjs' as const, predict };
    return ok({ model, runtime: 'tfjs', producer: 'tfjs', isTurned: false });
  } catch (error) {
    return notUsable(messageOf(error));
  }
}

const rawValues = (column: Table['columns'][number], rows: number): (number | string)[] => {
  const missing = column.type === 'number' ? Number.NaN : '';
  return Array.from({ length: rows }, (_, row) => valueAt(column, row) ?? missing);
};

/** Every `.bin` beside model.json by its name. */
async function readShards(folder: string): Promise<Result<Map<string, Uint8Array>, CliFailure>> {
  const shards = new Map<string, Uint8Array>();
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.bin')) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = await readModelFile(path);
      if (!bytes.ok) return bytes;
      shards.set(entry.name, bytes.value);
    }
    return ok(shards);
  } catch (error) {
    return failed('file', `${folder} cannot be read: ${messageOf(error)}`);
  }
}
