/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties half (Mann-Whitney).
 * @returns null without positives or without negatives
 * Cost: one sort. Reference implementation: sklearn.metrics.roc_auc_score.
 */
export function rocAuc(sample: {
  probabilities: readonly number[];
  labels: readonly number[];
}): number | null {
  const { probabilities, labels } = sample;
  const order = probabilities.map((_, i) => i).sort((i, j) => probabilities[i] - probabilities[j]);
  let negatives = 0;
  let positives = 0;
  let pairs = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let inPositives = 0;
    while (to < order.length && probabilities[order[to]] === probabilities[order[from]])
      inPositives += labels[order[to++]];
    const inNegatives = to - from - inPositives;
    pairs += inPositives * (negatives + inNegatives / 2);
    negatives += inNegatives;
    positives += inPositives;
    from = to;
  }
  return negatives === 0 || positives === 0 ? null : pairs / (negatives * positives);
}
