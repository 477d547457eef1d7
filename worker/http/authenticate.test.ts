import { expect, test } from 'vitest';
import { toBase64url } from '../../shared/core/base64url.ts';
import { app } from '../app.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';

const randomKey = (): string => `sk_${toBase64url(crypto.getRandomValues(new Uint8Array(32)))}`;

/** Asks for the models with a key, from an address; counts what D1 is asked meanwhile. */
function caller(address: string) {
  const asked = { times: 0 };
  const DB = new Proxy(testEnv.DB, {
    get(target, name) {
      if (name === 'prepare') asked.times++;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const call = (key: string) =>
    app.request(
      'http://edgewise.test/v1/models',
      { headers: { Authorization: `Bearer ${key}`, 'CF-Connecting-IP': address } },
      { ...testEnv, DB },
    );
  return { asked, call };
}

test('an address that goes on failing is refused before the database is asked', async () => {
  await createWorkspace();
  const { asked, call } = caller('203.0.113.7');
  const statuses: number[] = [];
  for (let i = 0; i < 250; i++) statuses.push((await call(randomKey())).status);
  const refused = statuses.filter((status) => status === 429).length;
  expect(refused).toBeGreaterThan(0);
  expect(asked.times).toBe(statuses.length - refused);
});

test('a key in use goes on working from an address where another key fails, and other addresses do too', async () => {
  const { secretKey } = await createWorkspace();
  const { call } = caller('203.0.113.8');
  expect((await call(secretKey)).status).toBe(200);
  for (let i = 0; i < 250; i++) await call(randomKey());
  expect((await call(secretKey)).status).toBe(200);
  expect((await caller('203.0.113.9').call((await createWorkspace()).secretKey)).status).toBe(200);
});
