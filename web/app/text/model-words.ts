import type { ClientStatus } from '../../sdk/main.ts';

/** What stands behind the next answer, for the status line. */
export function modelWords({ model, flags }: Pick<ClientStatus, 'model' | 'flags'>): string {
  if (model.killed) return 'Model switched off, the built-in estimate answers';
  if (model.state === 'ready' && model.version !== null) {
    const next = model.assigned;
    return next === null || next === model.version
      ? `Model ${model.version}`
      : `Model ${model.version}, ${next} is on its way`;
  }
  if (model.state === 'loading') return `Fetching model ${model.assigned ?? ''}`.trimEnd();
  if (model.state === 'failed') return 'The model could not be used, the built-in estimate answers';
  return flags.state === 'loading' ? 'Asking which model to use' : 'Built-in estimate';
}
