import type { LiveMessage } from '../../../shared/contracts/registry.ts';

const TYPES: readonly LiveMessage['type'][] = [
  'refetchEvaluation',
  'summary',
  'rollout',
  'alert',
  'run',
];

export type LiveListener = {
  onMessage: (message: LiveMessage) => void;
  /** The stream opened, or opened again after a break: what happened between is not replayed. */
  onOpen: () => void;
  onBreak: () => void;
};

/** Follows the workspace's live stream until the returned function is called. */
export function followLive(key: string, listener: LiveListener): () => void {
  const source = new EventSource(`/v1/live?key=${encodeURIComponent(key)}`);
  const take = (event: MessageEvent<string>) =>
    listener.onMessage(JSON.parse(event.data) as LiveMessage);
  source.onmessage = take;
  for (const type of TYPES) source.addEventListener(type, take);
  source.onopen = listener.onOpen;
  source.onerror = listener.onBreak;
  return () => source.close();
}
