import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { GraphInput } from './encode-rows.ts';

/** What the page sends first, while the model may still be on its way. */
export type PrepareMessage = { wasmUrl?: string };
/** What it sends next; every later message is a list from `encodeRows`. */
export type StartMessage = { model: Uint8Array; inputs: GraphInput[] };
/** Answers: ready, failed, or [id, value(s)] or [id, null, what went wrong]. */
export type WorkerAnswer =
  | { type: 'ready' }
  | { type: 'failed'; detail: string }
  | [id: number, values: number | Float32Array]
  | [id: number, values: null, detail: string];

const OUTPUT = 'variable';

const scope = globalThis as unknown as {
  postMessage(message: WorkerAnswer): void;
  onmessage:
    | ((event: MessageEvent<PrepareMessage | StartMessage | (number | string)[]>) => void)
    | null;
};

type Loaded = { session: InferenceSession; inputs: GraphInput[]; output: string };
let loaded: Loaded | null = null;

/** Fetches and compiles the runtime, which only the creation of a session makes it do. */
function prepare({ wasmUrl }: PrepareMessage): void {
  // Threads need cross-origin isolation, which a library must not ask of its host.
  env.wasm.numThreads = 1;
  if (wasmUrl) env.wasm.wasmPaths = { wasm: wasmUrl };
  InferenceSession.create(new Uint8Array(), { executionProviders: ['wasm'] }).catch(
    () => undefined, // No bytes are no model; a runtime that does not load says so again below.
  );
}

async function start({ model, inputs }: StartMessage): Promise<void> {
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
  const missing = session.inputNames.filter((name) => !inputs.some((i) => i.name === name));
  if (missing.length > 0) throw new Error(`The graph asks for ${missing.join(', ')}`);
  const output = session.outputNames.includes(OUTPUT) ? OUTPUT : session.outputNames[0];
  // A graph leaves out inputs that it does not use.
  loaded = { session, inputs, output };
}

function feedsOf({ session, inputs }: Loaded, message: (number | string)[]) {
  const rows = message[1] as number;
  const feeds: Record<string, Tensor> = {};
  inputs.forEach(({ name, type }, i) => {
    if (!session.inputNames.includes(name)) return;
    const at = 2 + i * rows;
    const column = message.slice(at, at + rows);
    feeds[name] =
      type === 'number'
        ? new Tensor('float32', Float32Array.from(column as number[]), [rows, 1])
        : new Tensor('string', column as string[], [rows, 1]);
  });
  return feeds;
}

async function run(message: (number | string)[]): Promise<void> {
  const id = message[0] as number;
  try {
    if (!loaded) throw new Error('No model is loaded');
    const results = await loaded.session.run(feedsOf(loaded, message));
    const values = results[loaded.output].data as Float32Array;
    scope.postMessage([id, values.length === 1 ? values[0] : values]);
  } catch (error) {
    scope.postMessage([id, null, String(error)]);
  }
}

scope.onmessage = ({ data }) => {
  if (Array.isArray(data)) void run(data);
  else if (!('model' in data)) prepare(data);
  else
    start(data).then(
      () => scope.postMessage({ type: 'ready' }),
      (error: unknown) => scope.postMessage({ type: 'failed', detail: String(error) }),
    );
};
