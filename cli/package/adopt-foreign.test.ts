import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  constantOf,
  encodeModel,
  intAttribute,
  intsAttribute,
  type Node,
  tensorInfo,
} from '../../shared/onnx/graph.ts';
import { readSchemaFile } from '../declare/read-schema-file.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';
import { readCsvTable } from '../train/read-csv-table.ts';
import { adoptForeign } from './adopt-foreign.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const node = (
  opType: string,
  input: string[],
  output: string,
  attribute: Node['attribute'] = [],
): Node => ({ opType, input, output: [output], attribute });
const along = (axis: number) => [intAttribute('axis', axis)];
const probability = node('Sigmoid', ['spend'], 'p');
/** 0 below a half, 1 above: the label of a probability. */
const nearest = node('Round', ['p'], 'nearest');
const labels = node('Reshape', ['nearest', 'all'], 'labels');
/** As some converters write it: the probability of the positive class in a list, not in a matrix. */
const list = node('Reshape', ['p', 'all'], 'flat');

/** A graph of one input. @param label what names the class of a row */
function graph(
  nodes: Node[],
  {
    label = '',
    columns = 1 as number | null,
    answer = nodes[nodes.length - 1].output?.[0] ?? '',
  } = {},
): Uint8Array {
  return encodeModel({
    ...{ name: 'foreign', inputs: [tensorInfo('spend', 'float', 1)] },
    nodes: [...nodes, ...(label ? [node('Cast', [label], 'class', [intAttribute('to', 7)])] : [])],
    constants: [constantOf('all', [1], BigInt64Array.of(-1n))],
    outputs: [
      ...(label ? [tensorInfo('class', 'int64', null)] : []),
      tensorInfo(answer, 'float', columns),
    ],
  });
}

async function adopt(bytes: Uint8Array, kind: 'binary' | 'regression') {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const spend = Math.sin(i) * 3;
    return `${spend},${kind === 'binary' ? (spend > 0.2 ? 'yes' : 'no') : spend * 2}`;
  });
  folder.write('rows.csv', ['spend,left', ...rows].join('\n'));
  await folder.edgewise(
    ...['declare', 'rows.csv', '--target', 'left', '--id', 'leaving', '--out', 'leaving.json'],
    '--json',
  );
  const useCase = await readSchemaFile(`${folder.path}/leaving.json`);
  if (!useCase.ok) throw new Error(useCase.error.message);
  const table = await readCsvTable(`${folder.path}/rows.csv`, useCase.value);
  if (!table.ok) throw new Error(table.error.message);
  const given = { bytes: new Uint8Array(bytes), useCase: useCase.value, columns: null };
  const adopted = await adoptForeign({ ...given, table: table.value.table });
  if (!adopted.ok) return adopted.error.message;
  const answers = await adopted.value.model.predict(table.value.table);
  return { spend: table.value.table.columns[0], answers };
}

test.each([
  ['alone', graph([probability])],
  ['in a shape that nobody wrote down', graph([probability], { columns: null })],
  ['in a list', graph([probability, list], { columns: null })],
  [
    'alone beside its label',
    graph([probability, nearest, labels], { label: 'labels', answer: 'p' }),
  ],
])('a probability %s is completed by that of the other class', async (_, bytes) => {
  const adopted = await adopt(bytes, 'binary');
  if (typeof adopted === 'string') throw new Error(adopted);
  const { spend, answers } = adopted;
  if (spend.type !== 'number') throw new Error('spend is a number');
  expect(answers).toHaveLength(80);
  spend.values.forEach((value, row) => {
    expect(answers[2 * row + 1]).toBeCloseTo(1 / (1 + Math.exp(-value)), 5);
  });
});

test.each([
  [
    'its answers depend on the other rows',
    graph([
      node('ReduceMax', ['spend'], 'most', [intsAttribute('axes', [0])]),
      node('Sub', ['spend', 'most'], 'gap'),
    ]),
  ],
  ['its answers are drawn at random', graph([node('RandomNormalLike', ['spend'], 'drawn')])],
])('a model is refused where %s', async (_, bytes) => {
  expect(await adopt(bytes, 'regression')).toContain('otherwise when it is asked alone');
});

test('two numbers that do not sum to 1 are no probabilities of two classes', async () => {
  const bytes = graph([probability, node('Concat', ['p', 'p'], 'both', along(1))], { columns: 2 });
  expect(await adopt(bytes, 'binary')).toContain('sum to');
});

test('a model that answers once for all rows is refused by its counts', async () => {
  const most = node('ReduceMax', ['spend'], 'most', [intsAttribute('axes', [0])]);
  expect(await adopt(graph([most]), 'regression')).toContain(
    'it answers 1 numbers to 40 rows: as many to each are needed',
  );
});
