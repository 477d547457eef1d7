import { expect, test } from 'vitest';
import { hashOf } from '../services/keys.ts';
import { consoleCodeSql } from '../store/bootstrap-sql.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, send, testEnv } from '../test-support/workspace.ts';

async function newCode(workspace: TestWorkspace, lifeMs = 60_000): Promise<string> {
  const code = `code-${crypto.randomUUID()}`;
  const expiresAt = new Date(Date.now() + lifeMs);
  const sql = consoleCodeSql({ workspaceId: workspace.id, hash: await hashOf(code), expiresAt });
  await testEnv.DB.prepare(sql).run();
  return code;
}

const redeem = (code: string) => send('POST', '/v1/console/sessions', { body: { code } });

test('a code opens a session that may do what the secret key may', async () => {
  const workspace = await createWorkspace();
  const opened = await redeem(await newCode(workspace));
  expect(opened.status).toBe(201);
  const { key, expiresAt } = await json<{ key: string; expiresAt: string }>(opened);
  expect(key).toMatch(/^st_[A-Za-z0-9_-]{43}$/);
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  expect((await send('GET', '/v1/models', { key })).status).toBe(200);
  const { entries } = await json<{ entries: { action: string }[] }>(
    send('GET', '/v1/audit', { key }),
  );
  expect(entries).toMatchObject([{ action: 'session.open', actor: 'console code' }]);
});

test('a code works once, also when it is sent many times at once', async () => {
  const code = await newCode(await createWorkspace());
  const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(code)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 403, 403, 403, 403]);
});

test('an old code and a guessed one are refused alike', async () => {
  const old = await redeem(await newCode(await createWorkspace(), -1));
  const guessed = await redeem('code-that-nobody-made');
  expect(await json(old)).toEqual(await json(guessed));
});

test('a session ends when its time is up', async () => {
  const workspace = await createWorkspace();
  const { key } = await json<{ key: string }>(redeem(await newCode(workspace)));
  await testEnv.DB.prepare('UPDATE keys SET expires_at = ? WHERE hash = ?')
    .bind(new Date(Date.now() - 1).toISOString(), await hashOf(key))
    .run();
  expect((await send('GET', '/v1/models', { key })).status).toBe(401);
});

test('a revoked key and a key nobody made are refused', async () => {
  const workspace = await createWorkspace();
  await testEnv.DB.prepare('UPDATE keys SET revoked_at = ? WHERE hash = ?')
    .bind(new Date().toISOString(), await hashOf(workspace.secretKey))
    .run();
  const revoked = await workspace.call('GET', '/v1/models');
  expect(revoked.status).toBe(401);
  expect(revoked.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect((await send('GET', '/v1/models')).status).toBe(401);
});

test('the database holds no key, only hashes', async () => {
  const workspace = await createWorkspace();
  const { results } = await testEnv.DB.prepare('SELECT * FROM keys').all();
  expect(JSON.stringify(results)).not.toContain(workspace.secretKey);
});
