import {
  reshape,
  split,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rng } from '../core/rng.ts';
import type { Activation } from '../learn/network/activation.ts';
import type { RunningMoments } from './batch-norm.ts';

export type NetworkShape = {
  /** Columns, hidden units of each layer, scores. */
  sizes: readonly number[];
  activation: Activation;
  batchNormalization: boolean;
};

/**
 * A network that learns. All unknowns are one vector, by layer: weights, row-major [inputs, outputs],
 * biases, and factors of what was standardised. A step of the optimiser is then a dozen kernel calls
 * and not a dozen for each part: half of a step's time with layers as small as a table's.
 */
export type Network = {
  shape: NetworkShape;
  places: readonly LayerPlace[];
  unknowns: Variable;
  /** By layer; null where it is not normalised. */
  running: readonly (RunningMoments | null)[];
};

export type LayerPlace = { inputs: number; outputs: number; isNormalised: boolean };

/** A layer's unknowns; `factors` are null where it is not normalised. */
export type LayerUnknowns = { weights: Tensor2D; biases: Tensor1D; factors: Tensor1D | null };

/**
 * Weights drawn uniformly: He's width before a rectifier (He et al. 2015), Glorot's otherwise (Glorot
 * and Bengio 2010). To be given back by `disposeNetwork`.
 */
export function createNetwork(shape: NetworkShape, rng: Rng): Network {
  const { sizes, batchNormalization } = shape;
  const places = sizes.slice(1).map((outputs, k): LayerPlace => {
    const isHidden = k < sizes.length - 2;
    return { inputs: sizes[k], outputs, isNormalised: batchNormalization && isHidden };
  });
  const start = Float32Array.from(
    places.flatMap((place, k) => drawLayer(place, shape, { k, rng })),
  );
  const moments = (units: number) => createVariable(() => zeros([1, units]));
  return {
    ...{ shape, places },
    unknowns: createVariable(() => tensor1d(start)),
    running: places.map(({ outputs, isNormalised }) =>
      isNormalised ? { mean: moments(outputs), variance: moments(outputs), weight: 0 } : null,
    ),
  };
}

function drawLayer(
  { inputs, outputs, isNormalised }: LayerPlace,
  { sizes, activation }: NetworkShape,
  { k, rng }: { k: number; rng: Rng },
): number[] {
  const isRectified = k < sizes.length - 2 && (activation === 'relu' || activation === 'elu');
  const bound = Math.sqrt(6 / (isRectified ? inputs : inputs + outputs));
  const weights = Array.from({ length: inputs * outputs }, () => bound * (2 * rng() - 1));
  const biases = new Array<number>(outputs).fill(0);
  return [...weights, ...biases, ...(isNormalised ? biases.map(() => 1) : [])];
}

/** Without a tidy the tensor that a variable starts from is never given back. */
export const createVariable = (start: () => Tensor): Variable => tidy(() => variable(start()));

export function disposeNetwork({ unknowns, running }: Network): void {
  unknowns.dispose();
  for (const moments of running) {
    moments?.mean.dispose();
    moments?.variance.dispose();
  }
}

/** Lengths of the parts that each layer has in the vector, in order. */
export const partLengths = ({ inputs, outputs, isNormalised }: LayerPlace): number[] => [
  inputs * outputs,
  ...(isNormalised ? [outputs, outputs] : [outputs]),
];

/** The unknowns by layer. To be called within a tidy. */
export function unknownsByLayer({ places, unknowns }: Network): LayerUnknowns[] {
  const parts = split(unknowns as Tensor, places.flatMap(partLengths)) as Tensor1D[];
  let at = 0;
  return places.map(({ inputs, outputs, isNormalised }) => ({
    weights: reshape(parts[at++], [inputs, outputs]),
    biases: parts[at++],
    factors: isNormalised ? parts[at++] : null,
  }));
}
