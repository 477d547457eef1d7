import type { LiveMessage } from '../../shared/contracts/registry.ts';
import type { Scope } from './scope.ts';

/**
 * Tells the workspace's connected streams. What changed is already written: a hub that cannot be
 * reached costs only time, because each stream that opens and each acknowledgement names the version.
 */
export async function tellHub(scope: Scope, messages: LiveMessage[]): Promise<void> {
  if (messages.length === 0) return;
  try {
    const hub = scope.env.HUB.getByName(scope.workspace);
    await hub.publish(
      messages.map((message) => ({ type: message.type, data: JSON.stringify(message) })),
    );
  } catch (error) {
    console.error('hub not reached', scope.workspace, error);
  }
}
