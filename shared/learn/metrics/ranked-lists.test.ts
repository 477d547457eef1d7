import { expect, test } from 'vitest';
import { ndcg, rankingMetrics } from './ranked-lists.ts';

const A = { relevance: [3, 2, 0, 0, 1, 2], scores: [0.9, 0.5, 0.5, 0.7, 0.1, 0.5] };
const B = { relevance: [0, 0, 1, 0], scores: [0.1, 0.2, 0.3, 0.4] };

test('the gain of lists, with ties and a cut, and average precision are those of scikit-learn 1.2.1', () => {
  expect(ndcg(A)).toBeCloseTo(0.8981784127395455, 14);
  expect(ndcg(A, 3)).toBeCloseTo(0.6968385723125462, 14);
  expect(ndcg(B)).toBeCloseTo(0.6309297535714575, 14);
  const metrics = rankingMetrics({
    scores: [...A.scores, ...B.scores],
    relevance: [...A.relevance, ...B.relevance],
    query: [1, 1, 1, 1, 1, 1, 2, 2, 2, 2],
  });
  expect(metrics.ndcg).toBeCloseTo((0.8981784127395455 + 0.6309297535714575) / 2, 14);
  expect(metrics.map).toBeCloseTo((0.7166666666666667 + 0.5) / 2, 14);
  expect(metrics).toMatchObject({ lists: 2, mrr: 0.75 });
});

test('lists with nothing relevant are counted but not judged', () => {
  const rows = { scores: [1, 2], relevance: [0, 0], query: [1, 1] };
  expect(rankingMetrics(rows)).toEqual({ lists: 1, ndcg: null, map: null, mrr: null });
});
