import type { Attributes } from './attributes.ts';
import { classLabels, greatestOf, postTransform } from './class-labels.ts';
import type { Kernel, Operator } from './operator.ts';
import { columnsOf, type FloatTensor, floats, invalid, unsupported } from './tensor.ts';

/** intercepts + coefficients [outputs, columns] . row, in float32 column by column. */
function scoresOf(
  input: FloatTensor,
  coefficients: Float32Array,
  { outputs, intercepts }: { outputs: number; intercepts: Float32Array },
): Float32Array {
  const columns = columnsOf(input);
  if (columns * outputs !== coefficients.length)
    throw invalid('LinearRegressor: coefficients do not fit the input');
  const rows = input.dims[0];
  const scores = new Float32Array(rows * outputs);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < columns; j++)
        sum = Math.fround(
          sum + Math.fround(input.data[i * columns + j] * coefficients[k * columns + j]),
        );
      scores[i * outputs + k] = sum + (intercepts.length > 0 ? intercepts[k] : 0);
    }
  return scores;
}

function linearRegressor(attributes: Attributes): Kernel {
  const coefficients = attributes.floats('coefficients');
  const intercepts = attributes.floats('intercepts');
  const outputs = attributes.int('targets', 1);
  attributes.expect('post_transform', 'NONE');
  return ([tensor]) => {
    const input = floats(tensor, 'LinearRegressor');
    const data = scoresOf(input, coefficients, { outputs, intercepts });
    return { type: 'float', dims: [input.dims[0], outputs], data };
  };
}

/** One score per class: the converters write two for two classes. */
function linearClassifier(attributes: Attributes): Kernel {
  const coefficients = attributes.floats('coefficients');
  const intercepts = attributes.floats('intercepts');
  const labels = classLabels(attributes, {
    texts: 'classlabels_strings',
    integers: 'classlabels_ints',
  });
  const link = postTransform(attributes, 'LinearClassifier');
  attributes.int('multi_class', 0);
  const outputs = labels.count;
  if (intercepts.length !== outputs)
    throw unsupported('LinearClassifier: only one score per class is supported');
  return ([tensor]) => {
    const input = floats(tensor, 'LinearClassifier');
    const data = scoresOf(input, coefficients, { outputs, intercepts });
    const best = greatestOf(data, outputs);
    link.apply(data, outputs);
    return [labels.labelsOf(best), { type: 'float', dims: [input.dims[0], outputs], data }];
  };
}

export const LINEAR: Record<string, Operator> = {
  'ai.onnx.ml.LinearClassifier': { inputs: [1, 1], outputs: 2, kernel: linearClassifier },
  'ai.onnx.ml.LinearRegressor': { inputs: [1, 1], kernel: linearRegressor },
};
