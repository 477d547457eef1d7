import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { Input } from '../../../shared/contracts/declaration.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';

/** The least there is to measure against: one row in, `session.run`, one value out. */
type Start = { id: number; model: Uint8Array; inputs: Input[] };
type Ask = { id: number; row: Row };

let session: InferenceSession;
let inputs: Input[];

globalThis.onmessage = async ({ data }: MessageEvent<Start | Ask>) => {
  if ('model' in data) {
    env.wasm.numThreads = 1;
    inputs = data.inputs;
    session = await InferenceSession.create(data.model, { executionProviders: ['wasm'] });
    globalThis.postMessage({ id: data.id, value: 0 });
    return;
  }
  const results = await session.run(tensorsOf(data.row));
  globalThis.postMessage({ id: data.id, value: results['variable'].data[0] });
};

function tensorsOf(row: Row): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const { name, type } of inputs) {
    const value = row[name];
    feeds[name] =
      type === 'number'
        ? new Tensor('float32', Float32Array.of((value as number | null) ?? Number.NaN), [1, 1])
        : new Tensor('string', [(value as string | null) ?? ''], [1, 1]);
  }
  return feeds;
}
