import { expect, test } from 'vitest';
import type { ClientStatus } from '../../sdk/main.ts';
import { modelWords } from './model-words.ts';

const model: ClientStatus['model'] = {
  state: 'ready',
  version: '1.0.0',
  sizeBytes: 48_230,
  intervalLevel: 0.9,
  assigned: '1.0.0',
  variant: 'champion',
  killed: false,
  detail: null,
};
const flags: ClientStatus['flags'] = { state: 'fresh', version: 3, confirmedAt: 1, live: true };

test('the version that answers is named with its size', () => {
  expect(modelWords({ model, flags })).toBe('Model 1.0.0 (47.1\u00a0kB)');
});

test('while a new version is fetched, the old one is named as the one that answers', () => {
  const loading = { ...model, state: 'loading' as const, assigned: '1.1.0' };
  expect(modelWords({ model: loading, flags })).toBe(
    'Model 1.0.0 (47.1\u00a0kB), 1.1.0 is on its way',
  );
});

test('a model that is switched off does not look as if it answered', () => {
  expect(modelWords({ model: { ...model, killed: true }, flags })).toMatch(/switched off/);
});

test('without any version the built-in estimate is named', () => {
  const none = { ...model, state: 'none' as const, version: null, assigned: null };
  expect(modelWords({ model: none, flags })).toBe('Built-in estimate');
});
