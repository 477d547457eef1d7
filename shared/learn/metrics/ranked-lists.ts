import { prAuc } from './ranking.ts';

/** Rows of ranked lists. A list is all rows of one `query`. */
export type RankedRows = {
  scores: ArrayLike<number>;
  /** At least 0; above 0 is relevant. */
  relevance: ArrayLike<number>;
  query: ArrayLike<number>;
};

export type RankingMetrics = {
  lists: number;
  /** Mean over the lists that have something relevant; null when none has. */
  ndcg: number | null;
  map: number | null;
  /** Mean of 1 / place of the first relevant row, the best place among equal scores. */
  mrr: number | null;
};

/** @param k places that count for NDCG; default: all */
export function rankingMetrics(
  rows: RankedRows,
  { k = Number.POSITIVE_INFINITY }: { k?: number } = {},
): RankingMetrics {
  const lists = listsOf(rows).filter(({ relevance }) => relevance.some((value) => value > 0));
  const mean = (figure: (list: RankedList) => number): number | null =>
    lists.length === 0 ? null : lists.reduce((sum, list) => sum + figure(list), 0) / lists.length;
  return {
    lists: new Set(Array.from(rows.query)).size,
    ndcg: mean((list) => ndcg(list, k)),
    map: mean(averagePrecision),
    mrr: mean(reciprocalRank),
  };
}

type RankedList = { scores: number[]; relevance: number[] };

/**
 * Discounted gain of a list over that of the best order, in [0, 1]: gain is the relevance itself,
 * the discount log2(place + 1); equal scores share the gain of their places.
 * 0 where nothing is relevant. Cost: sorting.
 * Source: Järvelin and Kekäläinen 2002; ties: McSherry and Najork 2008. Reference: scikit-learn 1.2
 * ndcg_score.
 */
export function ndcg({ scores, relevance }: RankedList, k = Number.POSITIVE_INFINITY): number {
  const best = discountedGain({ scores: relevance, relevance }, k);
  return best === 0 ? 0 : discountedGain({ scores, relevance }, k) / best;
}

function discountedGain({ scores, relevance }: RankedList, k: number): number {
  const order = scores.map((_, row) => row).sort((a, b) => scores[b] - scores[a]);
  let gain = 0;
  for (let from = 0; from < order.length && from < k; ) {
    let to = from;
    let tied = 0;
    let discounts = 0;
    while (to < order.length && scores[order[to]] === scores[order[from]]) {
      tied += relevance[order[to]];
      if (to < k) discounts += 1 / Math.log2(to + 2);
      to++;
    }
    gain += (tied / (to - from)) * discounts;
    from = to;
  }
  return gain;
}

function averagePrecision({ scores, relevance }: RankedList): number {
  return prAuc({ scores, positive: relevance.map((value) => (value > 0 ? 1 : 0)) });
}

function reciprocalRank({ scores, relevance }: RankedList): number {
  let best = Number.NEGATIVE_INFINITY;
  relevance.forEach((value, row) => {
    if (value > 0) best = Math.max(best, scores[row]);
  });
  return 1 / (1 + scores.filter((score) => score > best).length);
}

function listsOf({ scores, relevance, query }: RankedRows): RankedList[] {
  const lists = new Map<number, RankedList>();
  for (let row = 0; row < query.length; row++) {
    const list = lists.get(query[row]) ?? { scores: [], relevance: [] };
    lists.set(query[row], list);
    list.scores.push(scores[row]);
    list.relevance.push(relevance[row]);
  }
  return [...lists.values()];
}
