import type { Credentials } from './server.ts';

/** A call of the server's API with the secret key; an answer other than 2xx throws with its problem. */
export async function api<T>(
  server: Credentials,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T> {
  const response = await fetch(new URL(path, server.endpoint), {
    method: init.method ?? 'GET',
    headers: {
      authorization: `Bearer ${server.secretKey}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: init.body === undefined ? undefined : JSON.stringify(init.body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
