import { applyD1Migrations } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { toBase64url } from '../../shared/core/base64url.ts';
import type { Env } from '../env.ts';
import { hashOf } from '../services/keys.ts';
import { bootstrapSql } from '../store/bootstrap-sql.ts';

type TestEnv = Env & { MIGRATIONS: { name: string; queries: string[] }[] };

const worker = (exports as unknown as { default: Fetcher }).default;
export const testEnv = env as unknown as TestEnv;
/** The Worker as the network reaches it. */
export const fetchWorker = (request: Request): Promise<Response> => worker.fetch(request);
export const ORIGIN = 'http://edgewise.test';

export type TestWorkspace = {
  id: string;
  publishableKey: string;
  secretKey: string;
  /** A request with the secret key. */
  call: (method: string, path: string, body?: unknown) => Promise<Response>;
};

let serial = 0;

/** A workspace of its own for a test, made as the seed step makes it. */
export async function createWorkspace(
  options: { allowedOrigins?: string[] } = {},
): Promise<TestWorkspace> {
  await applyD1Migrations(testEnv.DB, testEnv.MIGRATIONS);
  const id = `ws${++serial}-${crypto.randomUUID().slice(0, 8)}`;
  const publishableKey = newKey('pk_');
  const secretKey = newKey('sk_');
  const statements = bootstrapSql({
    workspaceId: id,
    keys: [
      {
        kind: 'publishable',
        hash: await hashOf(publishableKey),
        prefix: publishableKey.slice(0, 9),
      },
      { kind: 'secret', hash: await hashOf(secretKey), prefix: secretKey.slice(0, 9) },
    ],
    allowedOrigins: options.allowedOrigins,
    now: new Date(),
  });
  await testEnv.DB.batch(statements.map((statement) => testEnv.DB.prepare(statement)));
  return {
    id,
    publishableKey,
    secretKey,
    call: (method, path, body) => send(method, path, { key: secretKey, body }),
  };
}

const newKey = (prefix: string): string =>
  prefix + toBase64url(crypto.getRandomValues(new Uint8Array(32)));

export type Sending = { key?: string; body?: unknown; headers?: Record<string, string> };

/** One request; a body that is not bytes or text is sent as JSON. */
export function send(method: string, path: string, sending: Sending = {}): Promise<Response> {
  const { key, body, headers = {} } = sending;
  const isRaw = body === undefined || body instanceof Uint8Array || typeof body === 'string';
  return fetchWorker(
    new Request(ORIGIN + path, {
      method,
      headers: { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...headers },
      body: isRaw ? (body as BodyInit | undefined) : JSON.stringify(body),
    }),
  );
}

export const json = async <T>(answer: Response | Promise<Response>): Promise<T> =>
  (await (await answer).json()) as T;
