import type { Platform } from '../env.ts';
import type { Channel } from './workspace-hub.ts';

const HEARTBEAT_MS = 25_000;
const RETRY_MS = { least: 1000, spread: 4000 };
const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

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
  try {
    return streamResponse(socket, request.signal, await request.readVersion());
  } catch (error) {
    socket.close();
    throw error;
  }
}

function streamResponse(socket: WebSocket, signal: AbortSignal, version: number): Response {
  const { readable, writable } = new TransformStream<string, Uint8Array>({
    transform: (text, controller) => controller.enqueue(new TextEncoder().encode(text)),
  });
  const writer = writable.getWriter();
  const heartbeat = setInterval(() => send(': alive\n\n'), HEARTBEAT_MS);
  const end = (): void => {
    clearInterval(heartbeat);
    socket.close();
    writer.close().catch(ignoreGone);
  };
  const send = (text: string): void => {
    writer.write(text).catch(end);
  };
  socket.addEventListener('message', ({ data }) => send(eventOf(String(data))));
  socket.addEventListener('close', end);
  socket.addEventListener('error', end);
  signal.addEventListener('abort', end);
  send(`retry: ${Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread)}\n\n`);
  send(eventOf(JSON.stringify({ type: 'refetchEvaluation', etag: String(version) })));
  return new Response(readable, { headers: HEADERS });
}

/** The client, the hub and the request's signal all tell of one end; closing twice is the same. */
const ignoreGone = (): void => undefined;

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
