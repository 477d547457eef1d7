import { loadModel, type OnnxModel } from '../../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../../shared/onnx/runtime/tensor.ts';
import type { GraphInput } from './encode-rows.ts';
import {
  answerOf,
  columnAt,
  type RowsMessage,
  type StartMessage,
  workerScope,
} from './session-messages.ts';

type Loaded = { model: OnnxModel; inputs: readonly GraphInput[] };
let loaded: Loaded | null = null;

/** Our own runtime in a worker: nothing to fetch but this file. */
function start({ model, inputs }: StartMessage): void {
  const read = loadModel(model);
  if (!read.ok) {
    workerScope.postMessage({ type: 'unsupported', detail: read.error.detail });
    return;
  }
  const missing = read.value.inputs.filter(({ name }) => !inputs.some((i) => i.name === name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    workerScope.postMessage({ type: 'failed', detail: `The graph asks for ${names}` });
    return;
  }
  loaded = { model: read.value, inputs };
  workerScope.postMessage({ type: 'ready' });
}

function feedsOf(inputs: readonly GraphInput[], message: RowsMessage): Record<string, Tensor> {
  const dims = [message[1] as number, 1];
  return Object.fromEntries(
    inputs.map(({ name, type }, i): [string, Tensor] => {
      const column = columnAt(message, i);
      return type === 'number'
        ? [name, { type: 'float', dims, data: Float32Array.from(column as number[]) }]
        : [name, { type: 'string', dims, data: column as string[] }];
    }),
  );
}

function run(message: RowsMessage): void {
  const id = message[0] as number;
  try {
    if (!loaded) throw new Error('No model is loaded');
    const output = loaded.model.run(feedsOf(loaded.inputs, message));
    workerScope.postMessage(answerOf(message, output));
  } catch (error) {
    workerScope.postMessage([id, null, String(error)]);
  }
}

workerScope.onmessage = ({ data }) => {
  if (Array.isArray(data)) run(data);
  else if ('model' in data) start(data);
};
