import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { GraphInput } from './encode-rows.ts';
import {
  answerOf,
  columnAt,
  type PrepareMessage,
  type RowsMessage,
  type StartMessage,
  workerScope,
} from './session-messages.ts';

/** What a prediction is read from; else the graph's first output of numbers: labels are text or integers. */
const OUTPUTS = ['variable', 'probabilities'];

type Loaded = { session: InferenceSession; inputs: readonly GraphInput[]; output: string };
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
  const output = outputOf(session);
  if (output === undefined) throw new Error('The graph has no output of numbers in float32');
  // A graph leaves out inputs that it does not use.
  loaded = { session, inputs, output };
}

function outputOf({ outputNames, outputMetadata }: InferenceSession): string | undefined {
  const named = OUTPUTS.find((name) => outputNames.includes(name));
  const floats = outputMetadata.find((output) => output.isTensor && output.type === 'float32');
  return named ?? floats?.name;
}

function feedsOf({ session, inputs }: Loaded, message: RowsMessage) {
  const rows = message[1] as number;
  const feeds: Record<string, Tensor> = {};
  inputs.forEach(({ name, type }, i) => {
    if (!session.inputNames.includes(name)) return;
    const column = columnAt(message, i);
    feeds[name] =
      type === 'number'
        ? new Tensor('float32', Float32Array.from(column as number[]), [rows, 1])
        : new Tensor('string', column as string[], [rows, 1]);
  });
  return feeds;
}

async function run(message: RowsMessage): Promise<void> {
  const id = message[0] as number;
  try {
    if (!loaded) throw new Error('No model is loaded');
    const results = await loaded.session.run(feedsOf(loaded, message));
    const output = results[loaded.output].data as Float32Array;
    workerScope.postMessage(answerOf(message, output));
  } catch (error) {
    workerScope.postMessage([id, null, String(error)]);
  }
}

workerScope.onmessage = ({ data }) => {
  if (Array.isArray(data)) void run(data);
  else if (!('model' in data)) prepare(data);
  else
    start(data).then(
      () => workerScope.postMessage({ type: 'ready' }),
      (error: unknown) => workerScope.postMessage({ type: 'failed', detail: String(error) }),
    );
};
