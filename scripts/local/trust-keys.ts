import { callApi } from '../../cli/api.ts';
import type { LocalKeys } from './local-keys.ts';

/** Tells the workspace which keys sign its versions. Those it knows already stay as they are. */
export async function trustKeys(url: string, keys: LocalKeys): Promise<void> {
  for (const purpose of ['publisher', 'retraining'] as const) {
    for (const publicKey of keys.trusted[purpose]) {
      const answer = await callApi<unknown>(
        { server: url, key: keys.credentials.secretKey },
        { method: 'PUT', path: '/v1/trusted-keys', json: { purpose, publicKey } },
      );
      if (!answer.ok) throw new Error(`A key was not trusted: ${answer.error.message}`);
    }
  }
}
