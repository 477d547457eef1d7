import { expect, test } from 'vitest';
import {
  columnInfo,
  encodeModel,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  type Node,
  stringsAttribute,
} from '../graph.ts';
import { loadModel } from './load-model.ts';

const load = (nodes: Node[], output = 'variable') =>
  loadModel(
    encodeModel({
      name: 'test',
      nodes,
      inputs: [columnInfo('x', 'float')],
      outputs: [columnInfo(output, 'float')],
    }),
  );

const ml = (opType: string, attribute: Node['attribute']): Node => ({
  opType,
  domain: 'ai.onnx.ml',
  input: ['x'],
  output: ['variable'],
  attribute,
});

const linear = [floatsAttribute('coefficients', [2]), floatsAttribute('intercepts', [1])];

function tree(change: Record<string, ReturnType<typeof intsAttribute>> = {}): Node {
  const attributes = {
    nodes_treeids: intsAttribute('nodes_treeids', [0, 0, 0]),
    nodes_nodeids: intsAttribute('nodes_nodeids', [0, 1, 2]),
    nodes_featureids: intsAttribute('nodes_featureids', [0, 0, 0]),
    nodes_modes: stringsAttribute('nodes_modes', ['BRANCH_LEQ', 'LEAF', 'LEAF']),
    nodes_values: floatsAttribute('nodes_values', [0.5, 0, 0]),
    nodes_truenodeids: intsAttribute('nodes_truenodeids', [1, 0, 0]),
    nodes_falsenodeids: intsAttribute('nodes_falsenodeids', [2, 0, 0]),
    target_treeids: intsAttribute('target_treeids', [0, 0]),
    target_nodeids: intsAttribute('target_nodeids', [1, 2]),
    target_ids: intsAttribute('target_ids', [0, 0]),
    target_weights: floatsAttribute('target_weights', [-1, 1]),
    ...change,
  };
  return ml('TreeEnsembleRegressor', Object.values(attributes));
}

test('a threshold belongs to the left branch, and a missing value follows the right one unless told', () => {
  const loaded = load([tree()]);
  expect(loaded.ok && [...loaded.value.predict([{ x: 0.5 }, { x: 0.51 }, { x: null }])]).toEqual([
    -1, 1, 1,
  ]);
});

test('a missing value follows the true branch where the node says so', () => {
  const missing = intsAttribute('nodes_missing_value_tracks_true', [1, 0, 0]);
  const loaded = load([tree({ missing })]);
  expect(loaded.ok && [...loaded.value.predict([{ x: null }, {}])]).toEqual([-1, -1]);
});

test('a linear model of one input is slope times value plus intercept', () => {
  const loaded = load([ml('LinearRegressor', linear)]);
  expect(loaded.ok && [...loaded.value.predict([{ x: 3 }])]).toEqual([7]);
});

test('an unknown operator is refused by its name, with its domain', () => {
  expect(load([ml('SVMRegressor', [])])).toEqual({
    ok: false,
    error: {
      reason: 'unsupported_model',
      detail: 'operator ai.onnx.ml.SVMRegressor is not supported',
    },
  });
  expect(load([{ opType: 'constructor', input: ['x'], output: ['variable'] }])).toMatchObject({
    error: { detail: 'operator constructor is not supported' },
  });
});

test('an attribute or a mode that would be ignored is refused', () => {
  expect(load([ml('LinearRegressor', [...linear, intAttribute('novel', 1)])])).toMatchObject({
    error: { detail: 'LinearRegressor: attribute novel is not supported' },
  });
  const modes = stringsAttribute('nodes_modes', ['BRANCH_EQ', 'LEAF', 'LEAF']);
  expect(load([tree({ nodes_modes: modes })])).toMatchObject({
    error: { detail: 'TreeEnsembleRegressor: nodes_modes BRANCH_EQ is not supported' },
  });
});

test('trees that go in circles, share nodes or point nowhere are refused', () => {
  const trueTo = (ids: number[]) => ({
    nodes_truenodeids: intsAttribute('nodes_truenodeids', ids),
  });
  expect(load([tree(trueTo([0, 0, 0]))])).toMatchObject({ error: { reason: 'invalid_model' } });
  expect(load([tree(trueTo([2, 0, 0]))])).toMatchObject({
    error: { detail: 'TreeEnsembleRegressor: a node has two parents' },
  });
  expect(load([tree(trueTo([9, 0, 0]))])).toMatchObject({
    error: { detail: 'TreeEnsembleRegressor: tree 0 has no node 9' },
  });
});

test('a graph whose values come from nowhere is refused', () => {
  expect(load([{ ...tree(), input: ['y'] }])).toMatchObject({
    error: { detail: 'TreeEnsembleRegressor: nothing computes y' },
  });
  expect(load([tree()], 'other')).toMatchObject({ error: { detail: 'nothing computes other' } });
});

test('bytes that are no model are refused with a reason', () => {
  for (const bytes of [[], [1, 2, 3], [0xff, 0xff, 0xff, 0xff, 0xff]])
    expect(loadModel(Uint8Array.from(bytes))).toMatchObject({
      ok: false,
      error: { reason: 'invalid_model' },
    });
});

/** As Node's Buffer does: a slice is a view, whose buffer begins elsewhere. */
class View extends Uint8Array {
  override slice(from?: number, to?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(from, to) as Uint8Array<ArrayBuffer>;
  }
}

test('bytes that are a view into others are read from where they begin', () => {
  const bytes = encodeModel({
    ...{ name: 'view', nodes: [ml('LinearRegressor', linear)] },
    inputs: [columnInfo('x', 'float')],
    outputs: [columnInfo('variable', 'float')],
  });
  const pool = new View(bytes.length + 64);
  pool.set(bytes, 64);
  const loaded = loadModel(pool.subarray(64));
  if (!loaded.ok) throw new Error(loaded.error.detail);
  expect(Array.from(loaded.value.predict([{ x: 3 }]))).toEqual([7]);
});
