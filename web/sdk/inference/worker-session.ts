import type { InferenceSession, SpawnSession } from '../adapters.ts';
import { encodeRows } from './encode-rows.ts';
import type { PrepareMessage, StartMessage, WorkerAnswer } from './session-messages.ts';

/** Fetching and compiling 14 MB of WebAssembly on a slow phone. */
const START_WITHIN_MS = 60_000;

type Waiting = { resolve(values: Float32Array): void; reject(error: Error): void };

/**
 * One model in one module worker: closing the worker is the only way to give its memory back. Our own
 * runtime is tried first: a graph that it has the operators of needs no WebAssembly.
 */
export const spawnWorkerSession: SpawnSession = async ({ model, inputs, wasmUrl, onCrash }) => {
  const start: StartMessage = { model: await model, inputs: inputs.map(graphInput) };
  const script = await startScript(start);
  const worker = script ?? (await startOnnxruntime(start, wasmUrl));
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  const end = (error: Error) => {
    worker.terminate();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
    if (!Array.isArray(data)) return;
    const [id, values, detail] = data;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (values === null) asked?.reject(new Error(detail));
    else asked?.resolve(typeof values === 'number' ? Float32Array.of(values) : values);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const error = new Error(event.message || 'The worker failed');
    end(error);
    onCrash(error);
  };
  const session: InferenceSession = {
    backend: script ? 'script' : 'wasm',
    run: (rows) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage(encodeRows(lastId, rows, inputs));
      }),
    terminate: () => end(new Error('The worker was ended')),
  };
  return session;
};

const graphInput = ({ name, type }: { name: string; type: 'number' | 'category' }) => ({
  name,
  type,
});

/** null: our runtime lacks something that the graph needs. */
async function startScript(message: StartMessage): Promise<Worker | null> {
  const worker = new Worker(new URL('./script-worker.ts', import.meta.url), { type: 'module' });
  const answer = await startWorker(worker, message);
  return answer === 'ready' ? worker : null;
}

async function startOnnxruntime(message: StartMessage, wasmUrl?: string): Promise<Worker> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const prepare: PrepareMessage = { wasmUrl };
  worker.postMessage(prepare);
  await startWorker(worker, message);
  return worker;
}

/** @throws when the runtime or the graph cannot be loaded; the worker is then ended */
function startWorker(worker: Worker, message: StartMessage): Promise<'ready' | 'unsupported'> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string) => {
      clearTimeout(timer);
      worker.terminate();
      reject(new Error(detail));
    };
    const timer = setTimeout(() => fail('The runtime did not start in time'), START_WITHIN_MS);
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      if (Array.isArray(data)) return;
      if (data.type === 'failed') return fail(data.detail);
      clearTimeout(timer);
      if (data.type === 'unsupported') worker.terminate();
      resolve(data.type);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message || 'The worker did not load');
    };
    worker.postMessage(message);
  });
}
