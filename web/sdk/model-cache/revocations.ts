import * as v from 'valibot';
import { type Manifest, revocationList, type Signed } from '../../../shared/contracts/manifest.ts';
import { keyIdOf, type SignatureCrypto, verifySigned } from '../../../shared/contracts/verify.ts';
import { fromBase64url } from '../../../shared/core/base64url.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';
import type { Refusal } from './refusal.ts';
import type { TrustStore } from './trust-store.ts';

type Trust = { trust: TrustStore; crypto: SignatureCrypto };

/**
 * Takes a revocation list over when a publisher's key signed it and its serial is higher than any
 * seen from that key: an older list played back changes nothing. A retraining key revokes nothing.
 * @returns whether the list was new
 */
export async function learnRevocations(
  signed: Signed,
  publisherKeys: readonly string[],
  { trust, crypto }: Trust,
): Promise<Result<boolean, Refusal>> {
  const payload = await verifySigned(signed, publisherKeys, crypto);
  if (!payload.ok) return payload;
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), revocationList),
    new TextDecoder().decode(payload.value),
  );
  if (parsed.success) return ok(await trust.learnRevocations(signed.keyId, parsed.output));
  return fail({
    reason: 'not_a_revocation_list',
    detail: v.summarize(parsed.issues).slice(0, 500),
  });
}

/** Why this version is revoked, by the newest list of any publisher's key; null when it is not. */
export async function findRevocation(
  { model, version }: Pick<Manifest, 'model' | 'version'>,
  publisherKeys: readonly string[],
  { trust, crypto }: Trust,
): Promise<Refusal | null> {
  for (const text of publisherKeys) {
    const key = fromBase64url(text);
    const list = key && (await trust.revocationsOf(await keyIdOf(key, crypto)));
    const entry = list?.revoked.find((item) => item.model === model && item.version === version);
    if (list && entry) return { reason: 'revoked', version, serial: list.serial, why: entry.why };
  }
  return null;
}
