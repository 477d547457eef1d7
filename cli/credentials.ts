import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { ok, type Result } from '../shared/core/result.ts';
import type { CliContext } from './context.ts';
import { type CliFailure, failed } from './failure.ts';
import { stateFolderOf } from './state-folder.ts';

export const credentials = v.object({
  endpoint: v.pipe(v.string(), v.url()),
  publishableKey: v.pipe(v.string(), v.startsWith('pk_')),
  secretKey: v.pipe(v.string(), v.startsWith('sk_')),
});
export type Credentials = v.InferOutput<typeof credentials>;

export type RemoteFlags = { server?: string; key?: string };
export type Remote = { server: string; key: string };

/** Where to and as whom: a flag, else EDGEWISE_SERVER and EDGEWISE_KEY, else what `npm start` wrote. */
export async function findRemote(
  context: CliContext,
  flags: RemoteFlags,
): Promise<Result<Remote, CliFailure>> {
  const server = flags.server ?? context.environment['EDGEWISE_SERVER'];
  const key = flags.key ?? context.environment['EDGEWISE_KEY'];
  if (server && key) return checked({ server, key });
  const path = stateFolderOf(context).credentials;
  const stored = await readCredentials(path);
  if (!stored) {
    if (existsSync(path))
      return failed(
        'no_credentials',
        `${path} is there, but not whole: npm start writes it again.`,
      );
    return failed(
      'no_credentials',
      `No server and key: give --server and --key, set EDGEWISE_SERVER and EDGEWISE_KEY, or run npm start, which writes ${path}.`,
    );
  }
  return checked({ server: server ?? stored.endpoint, key: key ?? stored.secretKey });
}

/** What is in a credentials file; null when it is not there or not whole. */
export async function readCredentials(path: string): Promise<Credentials | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), credentials), text);
  return parsed.success ? parsed.output : null;
}

function checked(remote: Remote): Result<Remote, CliFailure> {
  const url = URL.parse(remote.server);
  if (!url || !/^https?:$/.test(url.protocol)) {
    return failed('wrong_usage', `The server must be an http or https URL, not ${remote.server}.`);
  }
  if (!/^[\x21-\x7e]+$/.test(remote.key))
    return failed('wrong_usage', 'The key must be ASCII letters, digits and signs without spaces.');
  return ok({ server: url.origin, key: remote.key });
}
