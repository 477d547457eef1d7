import { expect, test } from 'vitest';
import { FALLBACK_REASONS } from '../../../shared/contracts/telemetry.ts';
import { fallbackSentence, levelWords } from './answer-words.ts';

test('every reason for a fallback is said in a sentence of its own', () => {
  const sentences = FALLBACK_REASONS.map(fallbackSentence);
  expect(new Set(sentences).size).toBe(FALLBACK_REASONS.length);
  for (const words of sentences)
    expect(words).toMatch(/^The built-in estimate answered because .+\.$/);
});

test('the level of an interval is said as it was declared', () => {
  expect(levelWords(0.9)).toBe('Nine times out of ten');
  expect(levelWords(0.8)).toBe('Eight times out of ten');
  expect(levelWords(0.95)).toBe('95 times out of a hundred');
});
