import { fail, ok, type Result } from '../core/result.ts';
import type { Predictor } from '../learn/ensemble/fitted-ensemble.ts';
import { isClassification } from '../learn/task.ts';
import { ExportProblem } from './export/export-problem.ts';
import { createGraphWriter, type GraphWriter } from './export/graph-writer.ts';
import { likeliestNodes, predictorNodes } from './export/predictor-nodes.ts';
import {
  columnInfo,
  encodeModel,
  intsAttribute,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
  type ValueInfo,
} from './graph.ts';

export type NotExportable = {
  reason: 'not_exportable';
  /** The step, the estimator or the input that has no graph. */
  part: string;
  detail: string;
};

/**
 * A fitted pipeline, or an ensemble of such, as an ONNX file that holds all of it. Inputs: one tensor
 * [N, 1] per raw input, in declared order, named as it is: float32 with NaN for missing, or string
 * with '' for missing. Outputs: of a classification `label`, string [N] (the first of the likeliest
 * classes), and `probabilities`, float32 [N, classes]; otherwise `variable`, float32 [N, 1]. Answers
 * agree with `predictModel` to 1e-5 away from split thresholds. The same model gives the same bytes.
 */
export function exportPipeline(
  predictor: Predictor,
): Result<Uint8Array<ArrayBuffer>, NotExportable> {
  const { inputs, task, classes } = predictor;
  const outputs = isClassification(task)
    ? [tensorInfo('label', 'string', null), tensorInfo('probabilities', 'float', classes.length)]
    : [columnInfo('variable', 'float')];
  try {
    const names = [...inputs, ...outputs].map(({ name }) => name ?? '');
    refuseNames(names);
    const writer = createGraphWriter(names);
    const { tensor } = predictorNodes(writer, predictor);
    if (isClassification(task)) classNodes(writer, tensor, classes);
    else writer.add({ opType: 'Identity', inputs: [tensor], output: 'variable' });
    const graph = { name: predictor.type, inputs: inputs.map(inputInfo), outputs };
    return ok(encodeModel({ ...graph, nodes: writer.nodes, constants: writer.constants }));
  } catch (error) {
    if (!(error instanceof ExportProblem)) throw error;
    return fail({ reason: 'not_exportable', part: error.part, detail: error.message });
  }
}

const inputInfo = ({ name, type }: { name: string; type: 'number' | 'category' }): ValueInfo =>
  columnInfo(name, type === 'number' ? 'float' : 'string');

/** Tensors of a graph are told apart by name alone. */
function refuseNames(names: readonly string[]): void {
  const taken = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (taken === undefined) return;
  const part = `the input "${taken}"`;
  const why = taken === '' ? 'an input needs a name' : 'its name is that of another tensor';
  throw new ExportProblem(part, `${part} cannot be in a graph: ${why}`);
}

function classNodes(writer: GraphWriter, probabilities: string, classes: readonly string[]): void {
  writer.add({
    opType: 'LabelEncoder',
    inputs: [likeliestNodes(writer, probabilities, false)],
    attributes: [
      intsAttribute('keys_int64s', [...classes.keys()]),
      stringsAttribute('values_strings', classes),
      stringAttribute('default_string', ''),
    ],
    isMl: true,
    output: 'label',
  });
  writer.add({ opType: 'Identity', inputs: [probabilities], output: 'probabilities' });
}
