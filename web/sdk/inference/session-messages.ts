import type { Input } from '../../../shared/contracts/declaration.ts';
import type { Manifest } from '../../../shared/contracts/manifest.ts';
import { answersOf } from '../../../shared/onnx/runtime/answers.ts';
import type { GraphInput } from './encode-rows.ts';

/** What the page sends to a worker that has a runtime to fetch, once it is sure to be needed. */
export type PrepareMessage = { wasmUrl?: string };
/** What it sends next; every later message is a list from `encodeRows`. */
export type StartMessage = { model: Uint8Array; inputs: readonly GraphInput[] };
/** A tfjs model's worker encodes the inputs itself. */
export type TfjsStartMessage = {
  model: Uint8Array;
  inputs: readonly Input[];
  baseline: Manifest['baseline'];
};
export type RowsMessage = (number | string)[];
/**
 * Answers: ready; unsupported, where this runtime lacks something that the graph needs; failed; or
 * [id, value(s)] or [id, null, what went wrong].
 */
export type WorkerAnswer =
  | { type: 'ready' }
  | { type: 'unsupported' | 'failed'; detail: string }
  | [id: number, values: number | Float32Array]
  | [id: number, values: null, detail: string];

/** The values of input `at` in a message of `encodeRows`. */
export function columnAt(message: RowsMessage, at: number): RowsMessage {
  const rows = message[1] as number;
  return message.slice(2 + at * rows, 2 + (at + 1) * rows);
}

/**
 * What is told of a model's output for these rows; one value travels without an array around it.
 * @throws Error when the output is none of a use case's
 */
export function answerOf(message: RowsMessage, output: Float32Array): WorkerAnswer {
  const [id, rows] = message as [number, number];
  const values = answersOf(output, rows);
  return [id, values.length === 1 ? values[0] : values];
}

/** A dedicated worker's own end of the channel. */
export const workerScope = globalThis as unknown as {
  postMessage(message: WorkerAnswer): void;
  onmessage:
    | ((
        event: MessageEvent<PrepareMessage | StartMessage | TfjsStartMessage | RowsMessage>,
      ) => void)
    | null;
};
