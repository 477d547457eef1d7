import { decodeArrays, encodeArrays } from '../core/array-bytes.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { TrainingState } from './training-state.ts';

const FORMAT = 'edgewise-training-4';

/** A training between two steps as bytes. @see encodeArrays */
export const encodeTrainingState = (state: TrainingState): Uint8Array<ArrayBuffer> =>
  encodeArrays(FORMAT, state);

/** The state again, with arrays of its own; bytes of another format are refused. */
export function decodeTrainingState(
  bytes: Uint8Array,
): Result<TrainingState, { reason: 'invalid_training_state'; detail: string }> {
  const decoded = decodeArrays(FORMAT, bytes);
  if (decoded.ok) return ok(decoded.value as TrainingState);
  return fail({ reason: 'invalid_training_state', detail: decoded.error.detail });
}
