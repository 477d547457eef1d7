import type { Attributes } from './attributes.ts';
import type { Kernel, Operator } from './operator.ts';
import { invalid, numbers, strings, type Tensor, unsupported } from './tensor.ts';

type Key = string | number;

function oneHotEncoder(attributes: Attributes): Kernel {
  const texts = attributes.strings('cats_strings');
  const integers = [...attributes.ints('cats_int64s')];
  attributes.expect('zeros', 1);
  const levels: Key[] = texts.length > 0 ? texts : integers;
  const levelOf = firstPlaces(levels);
  return ([tensor]) => {
    const { data: values, dims } =
      texts.length > 0 ? strings(tensor, 'OneHotEncoder') : integersOf(tensor);
    const data = new Float32Array(values.length * levels.length);
    for (let i = 0; i < values.length; i++) {
      const level = levelOf.get(values[i]);
      if (level !== undefined) data[i * levels.length + level] = 1;
    }
    return { type: 'float', dims: [...dims, levels.length], data };
  };
}

function integersOf(tensor: Tensor) {
  const { data, dims } = numbers(tensor, 'OneHotEncoder');
  return { data: Float64Array.from(data, Math.trunc), dims };
}

/** Where each value stands first. */
function firstPlaces(values: readonly Key[]): Map<Key, number> {
  const places = new Map<Key, number>();
  values.forEach((value, i) => {
    if (!places.has(value)) places.set(value, i);
  });
  return places;
}

/** Looks values up: text, integers and floats to any of them; from opset 2 of ai.onnx.ml. */
function labelEncoder(attributes: Attributes): Kernel {
  const keys = oneOf(attributes, 'keys');
  const values = oneOf(attributes, 'values');
  const fallbacks = {
    strings: attributes.string('default_string', '_Unused'),
    int64s: attributes.int('default_int64', -1),
    floats: Math.fround(attributes.float('default_float', -0)),
  };
  if (keys.list.length !== values.list.length)
    throw invalid(`LabelEncoder: ${keys.list.length} keys, ${values.list.length} values`);
  const placeOf = firstPlaces(keys.list);
  const fallback = fallbacks[values.type];
  const answer = values.list;
  return ([tensor]) => {
    if ((tensor.type === 'string') !== (keys.type === 'strings'))
      throw invalid('LabelEncoder: the input is not of the type of its keys');
    const found: Key[] = new Array(tensor.data.length);
    for (let i = 0; i < found.length; i++)
      found[i] = answer[placeOf.get(tensor.data[i]) ?? -1] ?? fallback;
    return tensorOf(found, tensor.dims, values.type);
  };
}

type KeyType = 'strings' | 'int64s' | 'floats';

function oneOf(attributes: Attributes, stem: 'keys' | 'values'): { type: KeyType; list: Key[] } {
  if (attributes.has(`${stem}_strings`))
    return { type: 'strings', list: attributes.strings(`${stem}_strings`) };
  if (attributes.has(`${stem}_int64s`))
    return { type: 'int64s', list: [...attributes.ints(`${stem}_int64s`)] };
  if (attributes.has(`${stem}_floats`))
    return { type: 'floats', list: [...attributes.floats(`${stem}_floats`)] };
  throw unsupported(`LabelEncoder: no ${stem} that are supported`);
}

function tensorOf(values: Key[], dims: readonly number[], type: KeyType): Tensor {
  if (type === 'strings') return { type: 'string', dims, data: values as string[] };
  const list = values as number[];
  return type === 'floats'
    ? { type: 'float', dims, data: Float32Array.from(list) }
    : { type: 'int', dims, data: Float64Array.from(list) };
}

export const ENCODING: Record<string, Operator> = {
  'ai.onnx.ml.LabelEncoder': { inputs: [1, 1], kernel: labelEncoder },
  'ai.onnx.ml.OneHotEncoder': { inputs: [1, 1], kernel: oneHotEncoder },
};
