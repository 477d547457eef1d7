import { readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { ENDPOINT, type TestServer } from '../../web/sdk/test-support/test-server.ts';

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** The policy that a host application needs: no inline code, WebAssembly, workers of its own. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'";

export type TestSite = {
  url: string;
  /** Tells every connected page that flags changed. */
  pushFlags(): void;
  /** Ends every event stream, as a network does. */
  breakStreams(): void;
  close(): Promise<void>;
};

/** Serves a built page beside the test server, over HTTP. The folder is the site's and goes with it. */
export async function serveTestSite(folder: string, server: TestServer): Promise<TestSite> {
  const streams = new Set<ServerResponse>();
  const http = createServer((request, response) => {
    const path = new URL(request.url ?? '/', ENDPOINT).pathname;
    if (path === '/v1/stream') openStream(response, streams, server);
    else if (path.startsWith('/v1/') || path.startsWith('/ofrep/'))
      void forward(request, response, server);
    else void serveFile(folder, path, response);
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}/`,
    pushFlags: () => {
      for (const stream of streams) sendRefetch(stream, server);
    },
    breakStreams: () => {
      for (const stream of streams) stream.destroy();
      streams.clear();
    },
    async close() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openStream(response: ServerResponse, streams: Set<ServerResponse>, server: TestServer) {
  if (!server.isReachable) return void response.destroy();
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  streams.add(response);
  response.on('close', () => streams.delete(response));
  sendRefetch(response, server);
}

function sendRefetch(stream: ServerResponse, server: TestServer): void {
  const etag = String(server.ledger.flagsVersion);
  stream.write(`data: ${JSON.stringify({ type: 'refetchEvaluation', etag })}\n\n`);
}

async function forward(request: IncomingMessage, response: ServerResponse, server: TestServer) {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  try {
    const answer = await server.fetch(`${ENDPOINT}${request.url}`, {
      method: request.method,
      headers: request.headers as Record<string, string>,
      ...(pieces.length > 0 ? { body: Buffer.concat(pieces) } : {}),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
  } catch {
    // An unreachable server answers nothing.
    response.destroy();
  }
}

async function serveFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const name = normalize(path === '/' ? '/index.html' : path);
  const body = await readFile(join(folder, name)).catch(() => null);
  if (!body) return void response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
  });
  response.end(body);
}
