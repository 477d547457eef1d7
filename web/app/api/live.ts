import type { LiveMessage } from '../../../shared/contracts/registry.ts';
import { createEventStreamParser } from './event-stream-parser.ts';

export type LiveListener = {
  onMessage: (message: LiveMessage) => void;
  /** The stream opened, or opened again after a break: what happened between is not replayed. */
  onOpen: () => void;
  onBreak: () => void;
};

/** After a refusal; after a break the stream itself says how long to wait. */
const REOPEN_AFTER_MS = 5000;
/** The server says something at least each 25 s: after this the line is dead, whatever the browser thinks. */
const SILENT_FOR_MS = 60_000;

/**
 * Follows the workspace's live stream until the returned function is called. By fetch, not by EventSource, which
 * can send no header: a console's key does not belong in an address, which proxies and logs keep.
 */
export function followLive(key: string, listener: LiveListener): () => void {
  const stop = new AbortController();
  void keepOpen(key, listener, stop.signal);
  return () => stop.abort();
}

async function keepOpen(key: string, listener: LiveListener, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    let waitMs = REOPEN_AFTER_MS * (1 + Math.random());
    try {
      await readStream(key, listener, { stopped, onRetry: (retryMs) => (waitMs = retryMs) });
    } catch (error) {
      if (!stopped.aborted) console.warn('The live stream broke:', error);
    }
    if (stopped.aborted) return;
    listener.onBreak();
    await pause(waitMs, stopped);
  }
}

/** Until the stream ends or breaks. */
async function readStream(
  key: string,
  listener: LiveListener,
  { stopped, onRetry }: { stopped: AbortSignal; onRetry: (retryMs: number) => void },
): Promise<void> {
  const silence = createDeadline(SILENT_FOR_MS);
  try {
    const response = await fetch('/v1/live', {
      headers: { Authorization: `Bearer ${key}`, Accept: 'text/event-stream' },
      cache: 'no-store',
      signal: AbortSignal.any([stopped, silence.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`refused with ${response.status}`);
    listener.onOpen();
    const parser = createEventStreamParser((part) => {
      if ('retryMs' in part) onRetry(part.retryMs);
      else listener.onMessage(JSON.parse(part.data) as LiveMessage);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      silence.extend();
      parser.push(read.value);
    }
  } finally {
    silence.clear();
  }
}

function createDeadline(ms: number): {
  signal: AbortSignal;
  extend: () => void;
  clear: () => void;
} {
  const controller = new AbortController();
  const fire = (): void => controller.abort(new Error(`nothing was heard for ${ms} ms`));
  let timer = setTimeout(fire, ms);
  return {
    signal: controller.signal,
    extend: () => {
      clearTimeout(timer);
      timer = setTimeout(fire, ms);
    },
    clear: () => clearTimeout(timer),
  };
}

const pause = (ms: number, stopped: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    stopped.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    }
  });
