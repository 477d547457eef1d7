import * as ort from 'onnxruntime-web/wasm';
import type { Table } from '../../shared/table/table.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export type JudgedOutputs = Record<string, { dims: readonly number[]; data: ort.Tensor['data'] }>;

/** What onnxruntime answers to the rows of a table, by the name of the output. */
export async function runOnnxruntime(bytes: Uint8Array, table: Table): Promise<JudgedOutputs> {
  const dims = [table.rows, 1];
  const feeds = table.columns.map((column) => [
    column.name,
    column.type === 'number'
      ? new ort.Tensor('float32', column.values, dims)
      : new ort.Tensor(
          'string',
          Array.from(column.codes, (code) => (code < 0 ? '' : column.dictionary[code])),
          dims,
        ),
  ]);
  return runTensors(bytes, Object.fromEntries(feeds));
}

/** What onnxruntime answers to tensors. */
export async function runTensors(
  bytes: Uint8Array,
  feeds: Record<string, ort.Tensor>,
): Promise<JudgedOutputs> {
  const session = await ort.InferenceSession.create(bytes);
  try {
    const results = await session.run(feeds);
    return Object.fromEntries(
      session.outputNames.map((name) => {
        const { dims, data } = results[name];
        return [name, { dims, data }];
      }),
    );
  } finally {
    await session.release();
  }
}
