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

/** A browser gives a stream up for good when it is refused; it is asked for again after this. */
const REOPEN_AFTER_MS = 5000;

/** Follows the workspace's live stream until the returned function is called. */
export function followLive(key: string, listener: LiveListener): () => void {
  let source: EventSource;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  const take = (event: MessageEvent<string>) =>
    listener.onMessage(JSON.parse(event.data) as LiveMessage);
  const open = () => {
    source = new EventSource(`/v1/live?key=${encodeURIComponent(key)}`);
    source.onmessage = take;
    for (const type of TYPES) source.addEventListener(type, take);
    source.onopen = listener.onOpen;
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED)
        reopening = setTimeout(open, REOPEN_AFTER_MS * (1 + Math.random()));
      listener.onBreak();
    };
  };
  open();
  return () => {
    clearTimeout(reopening);
    source.close();
  };
}
