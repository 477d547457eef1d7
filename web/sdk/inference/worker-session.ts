import type { Backend } from '../../../shared/contracts/telemetry.ts';
import type { InferenceSession, SpawnSession } from '../adapters.ts';
import { encodeRows } from './encode-rows.ts';
import type {
  PrepareMessage,
  StartMessage,
  TfjsStartMessage,
  WorkerAnswer,
} from './session-messages.ts';

/** Fetching and compiling 14 MB of WebAssembly on a slow phone. */
const START_WITHIN_MS = 60_000;

type Waiting = { resolve(values: Float32Array): void; reject(error: Error): void };

/**
 * One model in one module worker: closing the worker is the only way to give its memory back.
 */
export const spawnWorkerSession: SpawnSession = async (options) => {
  const { worker, backend } = await (options.format === 'tfjs'
    ? startTfjs(options)
    : startGraph(options));
  const { inputs, onCrash } = options;
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
    backend,
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

type Started = { worker: Worker; backend: Backend };
type SpawnOptions = Parameters<SpawnSession>[0];

/** Our own runtime is tried first: a graph that it has the operators of needs no WebAssembly. */
async function startGraph({ model, inputs, wasmUrl }: SpawnOptions): Promise<Started> {
  const start: StartMessage = { model: await model, inputs: inputs.map(graphInput) };
  const script = await startScript(start);
  if (script) return { worker: script, backend: 'script' };
  return { worker: await startOnnxruntime(start, wasmUrl), backend: 'wasm' };
}

/** tfjs is in this worker's own file, which is fetched for a model of that format alone. */
async function startTfjs({ model, inputs, baseline = {} }: SpawnOptions): Promise<Started> {
  const worker = new Worker(new URL('./tfjs-worker.ts', import.meta.url), { type: 'module' });
  await startWorker(worker, { model: await model, inputs, baseline });
  return { worker, backend: 'cpu' };
}

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
function startWorker(
  worker: Worker,
  message: StartMessage | TfjsStartMessage,
): Promise<'ready' | 'unsupported'> {
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
