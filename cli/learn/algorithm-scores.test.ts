import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';

type Score = { algorithm: string; task: string; file: string; value: number };
const { scores }: { scores: Score[] } = JSON.parse(
  readFileSync(new URL('./algorithm-scores.json', import.meta.url), 'utf8'),
);

test('every algorithm is listed with a score on two files of each of its tasks', () => {
  const counts = ALGORITHMS.flatMap(({ name, tasks }) =>
    tasks.map((task) => {
      const own = scores.filter((score) => score.algorithm === name && score.task === task);
      return [name, task, new Set(own.map(({ file }) => file)).size];
    }),
  );
  expect(counts.filter(([, , files]) => files !== 2)).toEqual([]);
  expect(scores.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
});
