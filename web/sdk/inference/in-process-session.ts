import { answersOf } from '../../../shared/onnx/runtime/answers.ts';
import { loadModel } from '../../../shared/onnx/runtime/load-model.ts';
import type { InferenceSession, SpawnSession } from '../adapters.ts';

/**
 * A session in this thread, by the small runtime for the operators that this repository exports or by
 * tfjs: for simulated devices and tools, where a worker and 14 MB of WebAssembly would be out of place.
 */
export const spawnInProcessSession: SpawnSession = async (options) =>
  options.format === 'tfjs' ? tfjsSession(options) : scriptSession(await options.model);

function scriptSession(model: Uint8Array): InferenceSession {
  const loaded = loadModel(model);
  if (!loaded.ok) throw new Error(`${loaded.error.reason}: ${loaded.error.detail}`);
  return {
    backend: 'script',
    run: async (rows) => answersOf(loaded.value.predict(rows), rows.length),
    terminate: () => undefined,
  };
}

async function tfjsSession({
  model,
  inputs,
  baseline = {},
}: Parameters<SpawnSession>[0]): Promise<InferenceSession> {
  const { openOnCpu } = await import('./open-on-cpu.ts');
  const opened = await openOnCpu({ model: await model, inputs, baseline });
  return {
    backend: 'cpu',
    run: async (rows) => answersOf(opened.predict(rows), rows.length),
    terminate: opened.dispose,
  };
}
