import type { Platform } from '../env.ts';
import type { Channel } from './workspace-hub.ts';

const HEARTBEAT_MS = 25_000;
const RETRY_MS = { least: 1000, spread: 4000 };

export type StreamRequest = {
  workspace: string;
  channel: Channel;
  /** Aborts when the client goes. */
  signal: AbortSignal;
  /** The newest flag configuration version, read after the stream is connected. */
  readVersion: () => Promise<number>;
};

/**
 * Server-sent events, fed by a WebSocket to the workspace's hub. It connects first and reads the
 * version second: a change between the two is told twice, never missed.
 */
export async function openEventStream(env: Platform, request: StreamRequest): Promise<Response> {
  const socket = await connect(env, request);
  const version = await request.readVersion();
  const encoder = new TextEncoder();
  let end = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string): void => controller.enqueue(encoder.encode(text));
      const heartbeat = setInterval(() => send(': alive\n\n'), HEARTBEAT_MS);
      let isOpen = true;
      end = () => {
        if (!isOpen) return;
        isOpen = false;
        clearInterval(heartbeat);
        socket.close();
        controller.close();
      };
      const retryMs = Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread);
      send(`retry: ${retryMs}\n\n`);
      send(eventOf(JSON.stringify({ type: 'refetchEvaluation', etag: String(version) })));
      socket.addEventListener('message', ({ data }) => isOpen && send(eventOf(String(data))));
      socket.addEventListener('close', end);
      socket.addEventListener('error', end);
      request.signal.addEventListener('abort', end);
    },
    cancel: () => end(),
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    },
  });
}

async function connect(env: Platform, { workspace, channel }: StreamRequest): Promise<WebSocket> {
  const response = await env.HUB.getByName(workspace).fetch(`https://hub/${channel}`, {
    headers: { Upgrade: 'websocket' },
  });
  const socket = response.webSocket;
  if (!socket) throw new Error(`Broken invariant: the hub answered ${response.status}`);
  socket.accept();
  return socket;
}

const eventOf = (data: string): string => `event: message\ndata: ${data}\n\n`;
