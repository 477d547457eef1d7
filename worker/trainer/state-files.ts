import { decodeTrainingState, encodeTrainingState } from '../../shared/train/state-bytes.ts';
import type { TrainingState } from '../../shared/train/training-state.ts';
import type { RunFiles } from './run-files.ts';

const NAME = 'training-state';

export const writeState = (files: RunFiles, state: TrainingState): Promise<void> =>
  files.write(NAME, encodeTrainingState(state));

export async function readState(files: RunFiles): Promise<TrainingState> {
  const decoded = decodeTrainingState(new Uint8Array(await files.bytes(NAME)));
  if (!decoded.ok) throw new Error(`The training's state is damaged: ${decoded.error.detail}`);
  return decoded.value;
}
