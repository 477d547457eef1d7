import type { EventSourceLike } from '../../web/sdk/adapters.ts';

/** As much of a browser's EventSource as the SDK uses, over fetch; it does not reconnect. */
export function fetchEventSource(url: string): EventSourceLike {
  const stop = new AbortController();
  const source: EventSourceLike = {
    onopen: null,
    onmessage: null,
    onerror: null,
    close: () => stop.abort(),
  };
  void read(url, source, stop.signal).catch(() => {
    if (!stop.signal.aborted) source.onerror?.(new Event('error'));
  });
  return source;
}

async function read(url: string, source: EventSourceLike, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal, headers: { accept: 'text/event-stream' } });
  if (!response.ok || !response.body) throw new Error(`The stream was refused: ${response.status}`);
  source.onopen?.(new Event('open'));
  let held = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    held += text;
    for (let end = held.indexOf('\n\n'); end >= 0; end = held.indexOf('\n\n')) {
      const data = held.slice(0, end).match(/^data: ?(.*)$/m)?.[1];
      held = held.slice(end + 2);
      if (data !== undefined) source.onmessage?.(new MessageEvent('message', { data }));
    }
  }
  source.onerror?.(new Event('error'));
}
