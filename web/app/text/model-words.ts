import type { ClientStatus } from '../../sdk/main.ts';
import { bytes } from './format.ts';

/** What stands behind the next answer, for the status line. */
export function modelWords({ model, flags }: Pick<ClientStatus, 'model' | 'flags'>): string {
  if (model.killed) return 'Model switched off, the built-in estimate answers';
  if (model.version !== null && model.state !== 'failed') {
    const size = model.sizeBytes === null ? '' : ` (${bytes(model.sizeBytes)})`;
    const isOld = model.assigned !== null && model.assigned !== model.version;
    return `Model ${model.version}${size}${isOld ? `, ${model.assigned} is on its way` : ''}`;
  }
  if (model.state === 'loading') return `Fetching model ${model.assigned ?? ''}`.trimEnd();
  if (model.state === 'failed') return 'The model could not be used, the built-in estimate answers';
  return flags.state === 'loading' ? 'Asking which model to use' : 'Built-in estimate';
}
