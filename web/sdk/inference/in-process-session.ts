import { answersOf } from '../../../shared/onnx/runtime/answers.ts';
import { loadModel } from '../../../shared/onnx/runtime/load-model.ts';
import type { SpawnSession } from '../adapters.ts';

/**
 * A session in this thread, by the small runtime for the operators that this repository exports:
 * for simulated devices and tools, where a worker and 14 MB of WebAssembly would be out of place.
 */
export const spawnInProcessSession: SpawnSession = async ({ model }) => {
  const loaded = loadModel(await model);
  if (!loaded.ok) throw new Error(`${loaded.error.reason}: ${loaded.error.detail}`);
  return {
    backend: 'script',
    run: async (rows) => answersOf(loaded.value.predict(rows), rows.length),
    terminate: () => undefined,
  };
};
