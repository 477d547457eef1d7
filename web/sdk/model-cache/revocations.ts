import * as v from 'valibot';
import {
  type Manifest,
  type RevocationList,
  revocationList,
  type Signed,
} from '../../../shared/contracts/manifest.ts';
import { keyIdOf, type SignatureCrypto, verifySigned } from '../../../shared/contracts/verify.ts';
import { fromBase64url } from '../../../shared/core/base64url.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';
import type { ClientStorage } from '../adapters.ts';
import type { Refusal } from './refusal.ts';

/**
 * Takes a revocation list over when a publisher's key signed it and its serial is higher than any
 * seen from that key: an older list played back changes nothing. A retraining key revokes nothing.
 * @returns whether the list was new
 */
export async function learnRevocations(
  signed: Signed,
  publisherKeys: readonly string[],
  { storage, crypto }: { storage: ClientStorage; crypto: SignatureCrypto },
): Promise<Result<boolean, Refusal>> {
  const payload = await verifySigned(signed, publisherKeys, crypto);
  if (!payload.ok) return payload;
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), revocationList),
    new TextDecoder().decode(payload.value),
  );
  if (!parsed.success)
    return fail({ reason: 'not_a_manifest', detail: v.summarize(parsed.issues).slice(0, 500) });
  const list = parsed.output;
  return storage.write(['meta'], 'strict', async (tx) => {
    const key = ['revocations', signed.keyId];
    const known = (await tx.get('meta', key)) as RevocationList | undefined;
    if (known && known.serial >= list.serial) return ok(false);
    await tx.put('meta', key, list);
    return ok(true);
  });
}

/** Why this version is revoked, by the newest list of any publisher's key; null when it is not. */
export async function findRevocation(
  storage: ClientStorage,
  { model, version }: Pick<Manifest, 'model' | 'version'>,
  publisherKeys: readonly string[],
  crypto: SignatureCrypto,
): Promise<Refusal | null> {
  for (const text of publisherKeys) {
    const key = fromBase64url(text);
    if (!key) continue;
    const keyId = await keyIdOf(key, crypto);
    const list = (await storage.read(['meta'], (tx) => tx.get('meta', ['revocations', keyId]))) as
      | RevocationList
      | undefined;
    const entry = list?.revoked.find((item) => item.model === model && item.version === version);
    if (list && entry) return { reason: 'revoked', version, serial: list.serial, why: entry.why };
  }
  return null;
}
