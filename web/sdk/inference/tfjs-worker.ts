import type { OpenTfjsModel } from '../../../shared/neural/tfjs-model/open-tfjs-model.ts';
import { openOnCpu } from './open-on-cpu.ts';
import {
  answerOf,
  columnAt,
  type RowsMessage,
  type TfjsStartMessage,
  workerScope,
} from './session-messages.ts';

type Loaded = { model: OpenTfjsModel; inputs: number };
let loaded: Loaded | null = null;

async function start(message: TfjsStartMessage): Promise<void> {
  loaded = { model: await openOnCpu(message), inputs: message.inputs.length };
}

function run(message: RowsMessage): void {
  const id = message[0] as number;
  try {
    if (!loaded) throw new Error('No model is loaded');
    const columns = Array.from({ length: loaded.inputs }, (_, i) => columnAt(message, i));
    workerScope.postMessage(answerOf(message, loaded.model.run(columns)));
  } catch (error) {
    workerScope.postMessage([id, null, String(error)]);
  }
}

workerScope.onmessage = ({ data }) => {
  if (Array.isArray(data)) run(data);
  else if ('baseline' in data)
    start(data).then(
      () => workerScope.postMessage({ type: 'ready' }),
      (error: unknown) => workerScope.postMessage({ type: 'failed', detail: String(error) }),
    );
};
