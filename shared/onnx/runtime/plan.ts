import type { Kernel } from './operator.ts';
import { kernelOf } from './operators.ts';
import type { RawGraph, RawNode } from './read-model.ts';
import { invalid, type Tensor } from './tensor.ts';

type Step = { kernel: Kernel; name: string; inputs: Int32Array; outputs: Int32Array };

/** A graph whose tensors are numbered, ready to run. */
export type Plan = {
  steps: Step[];
  /** Tensors by number: constants, and what follows from them alone; others undefined. */
  known: (Tensor | undefined)[];
  numberOf: ReadonlyMap<string, number>;
};

/** An input that a node leaves out. */
const ABSENT = -1;

/** Nodes stand in topological order in a sound file; anything else is refused. @throws ModelProblem */
export function planGraph(graph: RawGraph): Plan {
  const numberOf = new Map<string, number>();
  const known: Plan['known'] = [];
  const add = (name: string, tensor?: Tensor) => {
    numberOf.set(name, known.length);
    known.push(tensor);
  };
  for (const { name } of graph.inputs) add(name);
  for (const [name, tensor] of graph.constants) add(name, tensor);
  const steps: Step[] = [];
  for (const node of graph.nodes) {
    const step = stepOf(node, numberOf);
    for (const output of node.outputs) if (output !== '') add(output);
    step.outputs = Int32Array.from(node.outputs, (output) => numberOf.get(output) ?? ABSENT);
    // What depends on constants alone is computed once: weights that are stored smaller, shapes.
    if (step.inputs.every((input) => input === ABSENT || known[input] !== undefined))
      runStep(step, known);
    else steps.push(step);
  }
  return { steps, known, numberOf };
}

function stepOf(node: RawNode, numberOf: ReadonlyMap<string, number>): Step {
  const inputs = Int32Array.from(node.inputs, (name) => {
    if (name === '') return ABSENT;
    const number = numberOf.get(name);
    if (number === undefined) throw invalid(`${node.opType}: nothing computes ${name}`);
    return number;
  });
  return { kernel: kernelOf(node), name: node.opType, inputs, outputs: new Int32Array(0) };
}

/** @param values by tensor number; the step's outputs are written */
export function runStep({ kernel, name, inputs, outputs }: Step, values: Plan['known']): void {
  const tensors: Tensor[] = new Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const tensor = values[inputs[i]];
    if (inputs[i] !== ABSENT && tensor === undefined)
      throw invalid(`${name}: no tensor for one of its inputs`);
    tensors[i] = tensor as Tensor;
  }
  const answer = kernel(tensors);
  if (!Array.isArray(answer)) values[outputs[0]] = answer as Tensor;
  else
    for (let i = 0; i < outputs.length; i++)
      if (outputs[i] !== ABSENT) values[outputs[i]] = answer[i];
}
