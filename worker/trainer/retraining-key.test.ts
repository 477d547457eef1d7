import { expect, test } from 'vitest';
import { verifySigned, webCrypto } from '../../shared/contracts/verify.ts';
import type { Scope } from '../services/scope.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { signByTrainer, whyNotSigned } from './retraining-key.ts';
import { createSigningSecret } from './test-support/signing-secret.ts';

const bytes = Uint8Array.from(new TextEncoder().encode('{"version":"1.1.0"}'));

test('what the trainer signs verifies with its public key, and the same bytes sign the same', async () => {
  const { secret, publicKey } = await createSigningSecret();
  const [signed, again] = [await signByTrainer(bytes, secret), await signByTrainer(bytes, secret)];
  if (!signed.ok) throw new Error(signed.error.detail);
  expect(again).toEqual(signed);
  const verified = await verifySigned(signed.value, [publicKey], webCrypto(crypto.subtle));
  expect(verified).toEqual({ ok: true, value: bytes });
});

test.each([
  ['missing', undefined as unknown as string],
  ['empty', ''],
  ['not JSON', 'secret'],
  ['of another shape', '{"keyId":"0123456789abcdef"}'],
  ['not base64url', '{"keyId":"0123456789abcdef","privateKey":"!"}'],
  ['no key', '{"keyId":"0123456789abcdef","privateKey":"AAAA"}'],
])('a secret that is %s is said to be so, by name', async (_, secret) => {
  expect(await signByTrainer(bytes, secret)).toMatchObject({
    ok: false,
    error: { reason: 'no_retraining_key', detail: expect.stringContaining('RETRAINING_KEY') },
  });
});

test('a workspace that does not trust the retraining key says how to change that', async () => {
  const workspace = await createWorkspace();
  const scope: Scope = { env: testEnv, workspace: workspace.id, actor: 'retraining', nowMs: 0 };
  const { secret, publicKey, keyId } = await createSigningSecret();
  const why = await whyNotSigned(scope, secret);
  expect(why).toContain(keyId);
  expect(why).toContain('/v1/trusted-keys');
  await workspace.call('PUT', '/v1/trusted-keys', { purpose: 'retraining', publicKey });
  expect(await whyNotSigned(scope, secret)).toBeNull();
  const other = JSON.parse((await createSigningSecret()).secret);
  const mixed = JSON.stringify({ ...other, keyId });
  expect(await whyNotSigned(scope, mixed)).toContain('signature');
  expect(await whyNotSigned(scope, '')).toContain('RETRAINING_KEY');
});
