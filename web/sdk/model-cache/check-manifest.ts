import * as v from 'valibot';
import type { Input, Task } from '../../../shared/contracts/declaration.ts';
import { type Manifest, manifest, type Signed } from '../../../shared/contracts/manifest.ts';
import { keyIdOf, type SignatureCrypto, verifySigned } from '../../../shared/contracts/verify.ts';
import { fromBase64url, toHex } from '../../../shared/core/base64url.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';
import type { TrustedKeys } from '../types.ts';
import type { Refusal } from './refusal.ts';
import { findRevocation } from './revocations.ts';
import type { SignedBytes, TrustStore } from './trust-store.ts';

export type ManifestCheck = {
  useCase: { id: string; task: Task; inputs: readonly Input[] };
  trustedKeys: TrustedKeys;
  trust: TrustStore;
  crypto: SignatureCrypto;
};

/**
 * A manifest that may be used: signed by a pinned key, of this model, in the version the flag names,
 * with the application's task, asking for inputs that it has, with the bytes already known under its version if
 * any are, and not revoked. A version's bytes are remembered from the first time it passes.
 */
export async function checkManifest(
  signed: Signed,
  version: string | null,
  check: ManifestCheck,
): Promise<Result<Manifest, Refusal>> {
  const { publisher, retraining = [] } = check.trustedKeys;
  const trusted = [...publisher, ...retraining];
  const payload = await verifySigned(signed, trusted, check.crypto);
  if (!payload.ok) return payload;
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), manifest),
    new TextDecoder().decode(payload.value),
  );
  if (!parsed.success)
    return fail({ reason: 'not_a_manifest', detail: v.summarize(parsed.issues).slice(0, 500) });
  const misfit = misfitOf(parsed.output, version, check);
  if (misfit) return fail(misfit);
  const revocation = await findRevocation(parsed.output, publisher, check);
  if (revocation) return fail(revocation);
  const found = toHex(await check.crypto.sha256(payload.value));
  const otherBytes = await rememberBytes(
    parsed.output,
    { keyId: signed.keyId, sha256: found },
    check,
  );
  return otherBytes ? fail(otherBytes) : ok(parsed.output);
}

function misfitOf(
  { model, version, task, inputs }: Manifest,
  expectedVersion: string | null,
  { useCase }: ManifestCheck,
): Refusal | null {
  if (model !== useCase.id) return { reason: 'other_model', expected: useCase.id, found: model };
  if (expectedVersion !== null && version !== expectedVersion)
    return { reason: 'other_version', expected: expectedVersion, found: version };
  const [expected, found] = [taskWords(useCase.task), taskWords(task)];
  if (found !== expected) return { reason: 'other_task', expected, found };
  const types = new Map(useCase.inputs.map(({ name, type }) => [name, type]));
  const unknown = inputs.filter(({ name, type }) => types.get(name) !== type);
  if (unknown.length === 0) return null;
  return { reason: 'other_inputs', inputs: unknown.map(({ name }) => name) };
}

/** What an answer means: outcomes are told by the classes' places. */
const taskWords = (task: Task): string =>
  task.type === 'binary'
    ? `binary ${JSON.stringify(task.classes.map(({ value }) => value))}`
    : task.type;

/**
 * Compares with the bytes that any key trusted now has signed under this version. Keys no longer
 * trusted do not count: whoever replaces all keys starts afresh.
 */
async function rememberBytes(
  { model, version }: Manifest,
  signed: SignedBytes,
  { trust, trustedKeys, crypto }: ManifestCheck,
): Promise<Refusal | null> {
  const keys = [...trustedKeys.publisher, ...(trustedKeys.retraining ?? [])];
  const keyIds = new Set<unknown>(await Promise.all(keys.map((key) => keyIdOfText(key, crypto))));
  const known = await trust.bytesOf(model, version);
  const other = known.find((bytes) => keyIds.has(bytes.keyId) && bytes.sha256 !== signed.sha256);
  if (other) return { reason: 'other_bytes', version, known: other.sha256, found: signed.sha256 };
  await trust.rememberBytes(model, version, signed);
  return null;
}

async function keyIdOfText(text: string, crypto: SignatureCrypto): Promise<string | null> {
  const key = fromBase64url(text);
  return key ? keyIdOf(key, crypto) : null;
}
