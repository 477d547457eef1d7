import '@tensorflow/tfjs-backend-cpu';
import { env, setBackend } from '@tensorflow/tfjs-core';
import {
  type OpenTfjsModel,
  openTfjsModel,
} from '../../../shared/neural/tfjs-model/open-tfjs-model.ts';
import type { TfjsStartMessage } from './session-messages.ts';

/**
 * tfjs on its plain backend: a use case's rows are small, and its WebAssembly would be a second thing to
 * fetch, verify and keep. This file alone brings tfjs along.
 * @throws when the model cannot be loaded or asks for other inputs
 */
export async function openOnCpu({
  model,
  inputs,
  baseline,
}: TfjsStartMessage): Promise<OpenTfjsModel> {
  // Or it advises a native addon on the console.
  env().set('PROD', true);
  await setBackend('cpu');
  const opened = await openTfjsModel(model, { inputs, baseline });
  if (!opened.ok) throw new Error(`tfjs (${opened.error.reason}): ${opened.error.detail}`);
  return opened.value;
}
