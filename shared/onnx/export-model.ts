import type { FittedModel } from '../learn/fitted-model.ts';
import { encodingNodes } from './export/encoding-nodes.ts';
import { createGraphWriter, type GraphWriter } from './export/graph-writer.ts';
import { linearNodes } from './export/linear-nodes.ts';
import { treeNodes } from './export/tree-nodes.ts';
import { columnInfo, encodeModel } from './graph.ts';

const OUTPUT = 'variable';

/**
 * The whole model as an ONNX file. Inputs: one tensor [N, 1] per raw input, in the order given,
 * float32 with NaN for missing or string with '' for missing. Output: `variable`, float32 [N, 1].
 */
export function exportModel(
  model: FittedModel,
  inputs: readonly { name: string; type: 'number' | 'category' }[],
): Uint8Array<ArrayBuffer> {
  const writer = createGraphWriter([...inputs.map(({ name }) => name), OUTPUT]);
  writer.add({ opType: 'Identity', inputs: [scoreNodes(writer, model)], output: OUTPUT });
  return encodeModel({
    name: model.type,
    inputs: inputs.map(({ name, type }) =>
      columnInfo(name, type === 'number' ? 'float' : 'string'),
    ),
    nodes: writer.nodes,
    constants: writer.constants,
    outputs: [columnInfo(OUTPUT, 'float')],
  });
}

function scoreNodes(writer: GraphWriter, model: FittedModel): string {
  const columns = encodingNodes(writer, model.encoding);
  if (model.type === 'ridge') {
    const { coefficients, intercept } = model;
    return linearNodes(writer, { outputs: 1, coefficients, intercepts: [intercept] }, columns)
      .tensor;
  }
  const base = Float32Array.of(model.base);
  return treeNodes(writer, { ...model, outputs: 1, treeOutput: null, base }, columns).tensor;
}
