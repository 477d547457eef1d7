import type { Rng } from '../../../shared/core/rng.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/core/time.ts';
import type { Adapters, EventSourceLike, PageEvents } from '../adapters.ts';

/** OFREP's default: a page hidden for longer closes its stream. */
const INACTIVITY_MS = 2 * MINUTE_MS;
const FIRST_DELAY_MS = SECOND_MS;
const MAX_DELAY_MS = 30 * SECOND_MS;

export type LiveStream = {
  /** Connects to this address, or to none. */
  use(url: string | null): void;
  isOpen(): boolean;
  dispose(): void;
};

type Options = {
  open: NonNullable<Adapters['eventSource']>;
  page: PageEvents;
  rng: Rng;
  /**
   * The flags may have changed: a message said so, naming the configuration in force, or the stream
   * opened and may have missed one.
   */
  onStale: (etag: string | null) => void;
  onState: () => void;
};

/**
 * One server-sent event stream, kept up by the client itself: a browser gives an EventSource up for
 * good at an HTTP error, and retries in step with every other page otherwise. Reconnects with full
 * jitter; `online` and a page shown again try at once.
 */
export function createLiveStream(options: Options): LiveStream {
  let url: string | null = null;
  let source: EventSourceLike | null = null;
  let isOpen = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let inactivity: ReturnType<typeof setTimeout> | undefined;

  const setOpen = (next: boolean) => {
    if (isOpen === next) return;
    isOpen = next;
    options.onState();
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
    setOpen(false);
  };
  const connect = () => {
    close();
    if (url === null) return;
    const opened = options.open(url);
    source = opened;
    opened.onopen = () => {
      failures = 0;
      setOpen(true);
      options.onStale(null);
    };
    opened.onmessage = (event) => {
      const message = refetchOf(event.data);
      if (message) options.onStale(message.etag);
    };
    opened.onerror = () => {
      if (source !== opened) return;
      close();
      const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
      failures += 1;
      retry = setTimeout(connect, options.rng() * ceilingMs);
    };
  };
  const connectNow = () => {
    clearTimeout(inactivity);
    failures = 0;
    if (!source) connect();
  };
  const unsubscribe = [
    options.page.on('online', connectNow),
    options.page.on('visible', connectNow),
    options.page.on('hidden', () => {
      clearTimeout(inactivity);
      inactivity = setTimeout(close, INACTIVITY_MS);
    }),
  ];

  return {
    use(next) {
      if (next === url) return;
      url = next;
      connect();
    },
    isOpen: () => isOpen,
    dispose() {
      url = null;
      clearTimeout(inactivity);
      close();
      for (const leave of unsubscribe) leave();
    },
  };
}

/** OFREP's `refetchEvaluation`; other messages are to be ignored. */
function refetchOf(data: unknown): { etag: string | null } | null {
  if (typeof data !== 'string') return null;
  try {
    const message = JSON.parse(data) as { type?: unknown; etag?: unknown } | null;
    if (message?.type !== 'refetchEvaluation') return null;
    return { etag: typeof message.etag === 'string' ? message.etag : null };
  } catch {
    // Not JSON: another protocol's.
    return null;
  }
}
