import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';

/** The least there is to measure against: one row in, `session.run`, one value out. */
type Start = { model: Uint8Array };
type Ask = { id: number; distance: number; weather: string };

let session: InferenceSession;

globalThis.onmessage = async ({ data }: MessageEvent<Start | Ask>) => {
  if ('model' in data) {
    env.wasm.numThreads = 1;
    session = await InferenceSession.create(data.model, { executionProviders: ['wasm'] });
    globalThis.postMessage({ id: 0, value: 0 });
    return;
  }
  const results = await session.run({
    distance: new Tensor('float32', Float32Array.of(data.distance), [1, 1]),
    weather: new Tensor('string', [data.weather], [1, 1]),
  });
  globalThis.postMessage({ id: data.id, value: results['variable'].data[0] });
};
