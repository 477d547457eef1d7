import {
  columnInfo,
  constantOf,
  encodeModel,
  floatAttribute,
  floatsAttribute,
  type Graph,
  intAttribute,
  intsAttribute,
  type Node,
  stringsAttribute,
  tensorInfo,
} from '../../../shared/onnx/graph.ts';

/** Of log-odds: intercept + perKm * distance (5 when missing) + inRain when the weather is rain. */
export type LogOdds = { intercept: number; perKm: number; inRain: number };

export type ClassifierFile = {
  /** As we export: `label`, `probabilities`. As converters do, once their ZipMap is cut: other names, integer labels. */
  names: 'own' | 'foreign';
  /** An operator that only onnxruntime has. */
  needsOnnxruntime: boolean;
};

const CLASSES = ['on-time', 'late'];

/** A classifier's graph over the inputs of the test case: a label and two probabilities a row. */
export function classifierGraph(model: LogOdds, file: ClassifierFile): Uint8Array<ArrayBuffer> {
  const isOwn = file.names === 'own';
  const names = isOwn ? ['label', 'probabilities'] : ['output_label', 'output_probability'];
  return encodeModel({
    name: 'classifier',
    nodes: [...scoreNodes(file), ...answerNodes(names[1]), ...labelNodes(names, isOwn)],
    constants: constantsOf(model),
    inputs: [columnInfo('distance', 'float'), columnInfo('weather', 'string')],
    outputs: [
      tensorInfo(names[0], isOwn ? 'string' : 'int64', null),
      tensorInfo(names[1], 'float', 2),
    ],
  });
}

const node = (opType: string, input: string[], output: string): Node => ({
  ...{ opType, input, output: [output] },
});

const constantsOf = ({ intercept, perKm, inRain }: LogOdds): Graph['constants'] =>
  Object.entries({ intercept, perKm, inRain, usual: 5, one: 1, zero: 0 }).map(([name, value]) =>
    constantOf(name, [1], Float32Array.of(value)),
  );

const scoreNodes = ({ needsOnnxruntime }: ClassifierFile): Node[] => [
  node('IsNaN', ['distance'], 'isMissing'),
  node('Where', ['isMissing', 'usual', 'distance'], 'km'),
  node('Mul', ['km', 'perKm'], 'ofDistance'),
  {
    ...{ opType: 'LabelEncoder', domain: 'ai.onnx.ml', input: ['weather'], output: ['rain'] },
    attribute: [
      stringsAttribute('keys_strings', ['rain']),
      floatsAttribute('values_floats', [1]),
      floatAttribute('default_float', 0),
    ],
  },
  node('Mul', ['rain', 'inRain'], 'ofWeather'),
  node('Add', ['ofDistance', 'ofWeather'], 'ofInputs'),
  node(needsOnnxruntime ? 'Sinh' : 'Identity', ['zero'], 'nothing'),
  node('Add', ['intercept', 'nothing'], 'start'),
  node('Add', ['ofInputs', 'start'], 'logOdds'),
];

const answerNodes = (probabilities: string): Node[] => [
  node('Sigmoid', ['logOdds'], 'positive'),
  node('Sub', ['one', 'positive'], 'negative'),
  {
    ...{ opType: 'Concat', input: ['negative', 'positive'], output: [probabilities] },
    attribute: [intAttribute('axis', 1)],
  },
];

function labelNodes([label, probabilities]: string[], isText: boolean): Node[] {
  const likeliest: Node = {
    ...{ opType: 'ArgMax', input: [probabilities], output: [isText ? 'likeliest' : label] },
    attribute: [intAttribute('axis', 1), intAttribute('keepdims', 0)],
  };
  if (!isText) return [likeliest];
  const text: Node = {
    ...{ opType: 'LabelEncoder', domain: 'ai.onnx.ml', input: ['likeliest'], output: [label] },
    attribute: [
      intsAttribute('keys_int64s', [...CLASSES.keys()]),
      stringsAttribute('values_strings', CLASSES),
    ],
  };
  return [likeliest, text];
}
