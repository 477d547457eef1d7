export type SelectionOptions = {
  /** Of the mean of some members' predictions; lower is better. */
  lossOf: (predictions: Float32Array) => number;
  /** Draws in all: a weight is a multiple of its inverse. */
  rounds: number;
  /** Different members at most. */
  maxMembers: number;
};

export type Selection = {
  /** By model of the library, summing to 1; 0 for those left out. */
  weights: Float32Array;
  loss: number;
};

const LEAST_GAIN = 1e-6;

/**
 * Chooses members greedily with replacement: each round adds the model whose predictions improve the
 * mean's loss most (Caruana, Niculescu-Mizil, Crew and Ksikes 2004), until nothing gains. A model
 * added twice weighs twice. Cost: rounds x models x one loss.
 * @param library out-of-fold predictions of at least one model, all of one length
 */
export function selectEnsemble(
  library: readonly Float32Array[],
  { lossOf, rounds, maxMembers }: SelectionOptions,
): Selection {
  const counts = new Float32Array(library.length);
  const mean = new Float32Array(library[0].length);
  const trial = new Float32Array(mean.length);
  let loss = Number.POSITIVE_INFINITY;
  let drawn = 0;
  for (; drawn < rounds; drawn++) {
    const isFull =
      counts.reduce((members, count) => members + (count > 0 ? 1 : 0), 0) >= maxMembers;
    let best = -1;
    let bestLoss = loss === Number.POSITIVE_INFINITY ? loss : loss * (1 - LEAST_GAIN);
    for (let m = 0; m < library.length; m++) {
      if (isFull && counts[m] === 0) continue;
      blend(trial, { mean, added: library[m], share: 1 / (drawn + 1) });
      const trialLoss = lossOf(trial);
      if (trialLoss < bestLoss) {
        best = m;
        bestLoss = trialLoss;
      }
    }
    if (best < 0) break;
    counts[best]++;
    blend(mean, { mean, added: library[best], share: 1 / (drawn + 1) });
    loss = bestLoss;
  }
  return { weights: counts.map((count) => count / drawn), loss };
}

type Blend = { mean: Float32Array; added: Float32Array; share: number };

function blend(into: Float32Array, { mean, added, share }: Blend): void {
  for (let i = 0; i < into.length; i++) into[i] = mean[i] + share * (added[i] - mean[i]);
}
