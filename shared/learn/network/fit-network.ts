import type { FitOptions, LearningData } from '../algorithm.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';
import { balancedWeights } from '../linear/class-weight.ts';
import { type TargetScale, withScaledTarget } from '../linear/target-scale.ts';
import type { Parameters } from '../search/space.ts';
import { isClassification } from '../task.ts';
import type { Activation } from './activation.ts';
import { countUnknowns, layersOf, type NetworkShape } from './backpropagation.ts';
import type { NetworkEstimator } from './network-estimator.ts';
import { trainNetwork } from './train-network.ts';

/** A multilayer perceptron of `hiddenLayers` layers of `hiddenUnits` each. @see trainNetwork */
export function fitNetwork(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): NetworkEstimator {
  const isClass = isClassification(data.task);
  const weighted = isClass ? { ...data, weights: balancedWeights(data, parameters) } : data;
  const { scaled, scale } = withScaledTarget(weighted, { scaleTarget: !isClass });
  const shape = shapeOf(data, parameters);
  const places = layersOf(shape.sizes);
  const unknowns = trainNetwork(shape, scaled, {
    ...{ rng: options.rng, isTimeUp: options.isTimeUp },
    start: options.warmStart && unknownsOf(options.warmStart, shape, scale),
    batchSize: Number(parameters.batchSize),
    learningRateInit: Number(parameters.learningRateInit),
    maxIter: Number(parameters.maxIter),
    tol: Number(parameters.tol),
    nIterNoChange: Number(parameters.nIterNoChange),
    earlyStopping: parameters.earlyStopping === true,
    validationFraction: Number(parameters.validationFraction),
  });
  // The last layer answers in target units.
  const layers = places.map(({ at, inputs, outputs }, k) => {
    const [factor, offset] = k < places.length - 1 ? [1, 0] : [scale.deviation, scale.mean];
    const biases = at + inputs * outputs;
    return {
      ...{ inputs, outputs },
      weights: Float32Array.from(unknowns.subarray(at, biases), (value) => factor * value),
      biases: Float32Array.from(
        unknowns.subarray(biases, biases + outputs),
        (value) => factor * value + offset,
      ),
    };
  });
  const link = shape.loss === 'squared' ? 'identity' : shape.loss;
  return { type: 'network', layers, activation: shape.activation, link };
}

/** A fitted network's, its last layer in units of the scaled target. */
function unknownsOf(
  before: FittedEstimator,
  { sizes }: NetworkShape,
  { mean, deviation }: TargetScale,
): Float64Array {
  const unknowns = new Float64Array(countUnknowns(sizes));
  const places = layersOf(sizes);
  if (before.type !== 'network' || before.layers.length !== places.length)
    throw new Error(`Broken invariant: a ${before.type} cannot be gone on from here`);
  places.forEach(({ at, inputs, outputs }, k) => {
    const layer = before.layers[k];
    if (layer.inputs !== inputs || layer.outputs !== outputs)
      throw new Error('Broken invariant: the network to go on from has other layers');
    const [factor, offset] = k < places.length - 1 ? [1, 0] : [deviation, mean];
    const weights = Float64Array.from(layer.weights, (value) => value / factor);
    const biases = Float64Array.from(layer.biases, (value) => (value - offset) / factor);
    unknowns.set(weights, at);
    unknowns.set(biases, at + inputs * outputs);
  });
  return unknowns;
}

function shapeOf({ matrix, classes }: LearningData, parameters: Parameters): NetworkShape {
  const hidden = Array.from({ length: Number(parameters.hiddenLayers) }, () =>
    Number(parameters.hiddenUnits),
  );
  const outputs = classes > 2 ? classes : 1;
  return {
    sizes: [matrix.names.length, ...hidden, outputs],
    activation: activationOf(parameters.activation),
    loss: classes === 0 ? 'squared' : classes === 2 ? 'logistic' : 'softmax',
    alpha: Number(parameters.alpha),
  };
}

const activationOf = (name: unknown): Activation =>
  name === 'tanh' || name === 'logistic' ? name : 'relu';
