import type { LearningData } from '../learn/algorithm.ts';
import { balancedWeights } from '../learn/linear/class-weight.ts';
import { type TargetScale, withScaledTarget } from '../learn/linear/target-scale.ts';
import type { DenseLayer, NetworkEstimator } from '../learn/network/network-estimator.ts';
import type { Parameters } from '../learn/search/space.ts';
import { isClassification } from '../learn/task.ts';
import type { FoldedLayer } from './fold-layers.ts';
import type { NeuralLoss } from './loss.ts';
import { createNetwork, disposeNetwork } from './network.ts';
import { type NeuralParameters, neuralParameters } from './parameters.ts';
import { type NeuralOptions, train } from './train.ts';

/**
 * A multilayer perceptron trained by tfjs on the backend that the caller has set, as plain dense
 * layers: dropout is gone, batch normalisation is in the weights, nothing of tfjs is needed to predict.
 * The same seed gives the same model on one backend of one machine; backends add in different orders.
 * Cost: 3 x rows x weights per pass.
 */
export function fitNeural(
  data: LearningData,
  given: Parameters,
  options: NeuralOptions,
): NetworkEstimator {
  const parameters = neuralParameters(given);
  const isClass = isClassification(data.task);
  const weighted = isClass ? { ...data, weights: balancedWeights(data, given) } : data;
  const { scaled, scale } = withScaledTarget(weighted, { scaleTarget: !isClass });
  const loss = lossOf(data, parameters);
  const network = createNetwork(shapeOf(data, parameters), options.rng);
  try {
    const layers = train(network, { data: scaled, parameters, loss }, options);
    return {
      type: 'network',
      layers: layers.map((layer, k) =>
        toFloat32(layer, k < layers.length - 1 ? { mean: 0, deviation: 1 } : scale),
      ),
      activation: parameters.activation,
      link: loss === 'logistic' || loss === 'softmax' ? loss : 'identity',
    };
  } finally {
    disposeNetwork(network);
  }
}

const lossOf = ({ classes }: LearningData, { loss }: NeuralParameters): NeuralLoss =>
  classes === 0 ? loss : classes === 2 ? 'logistic' : 'softmax';

function shapeOf({ matrix, classes }: LearningData, parameters: NeuralParameters) {
  const { hiddenLayers, hiddenUnits, activation, batchNormalization } = parameters;
  const hidden = Array.from({ length: hiddenLayers }, () => hiddenUnits);
  const sizes = [matrix.names.length, ...hidden, classes > 2 ? classes : 1];
  return { sizes, activation, batchNormalization };
}

const toFloat32 = (
  { inputs, outputs, weights, biases }: FoldedLayer,
  { mean, deviation }: TargetScale,
): DenseLayer => ({
  ...{ inputs, outputs },
  weights: Float32Array.from(weights, (value) => deviation * value),
  biases: Float32Array.from(biases, (value) => deviation * value + mean),
});
