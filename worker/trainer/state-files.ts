import { decodeTrainingState, encodeTrainingState } from '../../shared/train/state-bytes.ts';
import type { TrainingState } from '../../shared/train/training-state.ts';
import type { RunFiles } from './run-files.ts';

/**
 * Until the choice, fits are only added and finished ones never change: each is written once, in a
 * part of its own. The main file holds the rest and names how many fits each part has, so a step
 * writes only what it changed, and a part whose main file was never written is not read. From the
 * choice on the few fits that are left, fewer with each step, are in the main file.
 */
export type StoredParts = { parts: readonly number[] };

const MAIN = 'training-state';
const partName = (index: number): string => `training-fits-${index}`;
const COUNT_BYTES = 4;

export async function writeState(
  files: RunFiles,
  { state, parts }: { state: TrainingState } & StoredParts,
): Promise<StoredParts> {
  if (state.choice) {
    await files.write(MAIN, withParts(encodeTrainingState(state), []));
    return { parts: [] };
  }
  const stored = parts.reduce((sum, fits) => sum + fits, 0);
  const open = state.fits.findIndex(({ isDone }) => !isDone);
  const finished = open < 0 ? state.fits.length : open;
  const next = finished > stored ? [...parts, finished - stored] : parts;
  if (next !== parts)
    await files.write(
      partName(parts.length),
      encodeTrainingState({ ...state, fits: state.fits.slice(stored, finished) }),
    );
  const main = encodeTrainingState({ ...state, fits: state.fits.slice(finished) });
  await files.write(MAIN, withParts(main, next));
  return { parts: next };
}

export async function readState(files: RunFiles): Promise<{ state: TrainingState } & StoredParts> {
  const { parts, main } = splitParts(await files.bytes(MAIN));
  const state = decode(main);
  const fits: TrainingState['fits'] = [];
  for (let index = 0; index < parts.length; index++)
    fits.push(...decode(new Uint8Array(await files.bytes(partName(index)))).fits);
  return { state: { ...state, fits: [...fits, ...state.fits] }, parts };
}

/** Number of parts, then the fits of each, then the state. */
function withParts(main: Uint8Array, parts: readonly number[]): Uint8Array {
  const head = Uint32Array.of(parts.length, ...parts);
  const bytes = new Uint8Array(head.byteLength + main.length);
  bytes.set(new Uint8Array(head.buffer));
  bytes.set(main, head.byteLength);
  return bytes;
}

function splitParts(bytes: ArrayBuffer): StoredParts & { main: Uint8Array<ArrayBuffer> } {
  const [count] = new Uint32Array(bytes.slice(0, COUNT_BYTES));
  const end = COUNT_BYTES * (1 + count);
  const parts = [...new Uint32Array(bytes.slice(COUNT_BYTES, end))];
  return { parts, main: new Uint8Array(bytes.slice(end)) };
}

function decode(bytes: Uint8Array): TrainingState {
  const decoded = decodeTrainingState(bytes);
  if (!decoded.ok) throw new Error(`The training's state is damaged: ${decoded.error.detail}`);
  return decoded.value;
}
