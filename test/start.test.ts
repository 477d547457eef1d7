import { readFileSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelView } from '../shared/contracts/registry.ts';
import { documentedIn } from './docs/documented.ts';
import { api } from './support/api.ts';
import { edgewise, edgewiseJson } from './support/cli.ts';
import { ROOT, removeStateDir, type Server, startServer } from './support/server.ts';

let stateDir: string;
let server: Server;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'edgewise-start-'));
  server = await startServer({ stateDir, noApp: true });
});
afterAll(async () => {
  await server.stop();
  await removeStateDir(stateDir);
});

test('a first start makes keys that only their owner reads, and shows them once', () => {
  for (const path of ['credentials.json', 'keys/publisher.json', 'keys/retraining.json']) {
    expect([path, statSync(join(stateDir, path)).mode & 0o777]).toEqual([path, 0o600]);
  }
  expect(server.publishableKey).toMatch(/^pk_[\w-]{43}$/);
  expect(server.log()).toContain(server.secretKey);
});

test('the demo workspace serves version 0.1.0 of every use case', async () => {
  const { models } = await api<{ models: ModelView[] }>(server, '/v1/models');
  expect(models.map(({ model, champion }) => [model, champion]).sort()).toEqual([
    ['churn', '0.1.0'],
    ['delay-prediction', '0.1.0'],
    ['flight-delay', '0.1.0'],
  ]);
});

test('the command line finds the server, and a change it made outlives a restart', async () => {
  const before = server.secretKey;
  await edgewiseJson(server, ['traffic', 'delay-prediction', '--percentage', '37.5']);
  await server.stop();
  server = await startServer({ stateDir, noApp: true });
  expect(server.secretKey).toBe(before);
  expect(server.log()).not.toContain(before);
  expect(server.log()).not.toContain('Seeded');
  const { model } = await edgewiseJson<{ model: ModelView }>(server, [
    ...['status', 'delay-prediction'],
  ]);
  expect(model).toMatchObject({ champion: '0.1.0', trafficPercentage: 37.5 });
});

test('a crash leaves nothing that keeps the next start from its data', async () => {
  await edgewiseJson(server, ['kill', 'flight-delay']);
  await server.kill();
  server = await startServer({ stateDir, noApp: true });
  const view = await api<ModelView>(server, '/v1/models/flight-delay');
  expect(view.mlEnabled).toBe(false);
  expect((await edgewise(server, ['kill', 'flight-delay', '--off'])).exitCode).toBe(0);
});

test('a second server on the same folder is refused, and says where the first one is', async () => {
  const second = startServer({ stateDir, noApp: true });
  await expect(second).rejects.toThrow(`Already running at ${server.endpoint}`);
});

test('the one-time console link opens one session', async () => {
  const [, code] = /console#code=(\S+)/.exec(server.log()) ?? [];
  const open = () =>
    fetch(`${server.endpoint}/v1/console/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
  expect((await open()).status).toBe(201);
  expect((await open()).status).toBe(403);
});

test('every route that docs/architecture.md lists is there, and asks for a key unless it says none', async () => {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const { routes } = documentedIn(text);
  expect(routes.length).toBeGreaterThan(20);
  const open = ['/health', '/v1/console/sessions'];
  for (const { method, path } of routes) {
    const url = `${server.endpoint}${path.replaceAll(/:\w+/g, 'x')}`;
    const { status } = await fetch(url, { method });
    const expected = open.includes(path) ? status !== 401 && status !== 404 : status === 401;
    expect([method, path, status, expected]).toEqual([method, path, status, true]);
  }
  expect((await fetch(`${server.endpoint}/v1/no-such-route`)).status).toBe(404);
});
