import { ok, type Result } from '../../shared/core/result.ts';
import { type AdoptOptions, adoptModel } from '../../shared/onnx/rewrite/adopt-model.ts';
import { type ModelSignature, readSignature } from '../../shared/onnx/rewrite/read-signature.ts';
import type { Table } from '../../shared/table/table.ts';
import type { RunnableModel } from '../../shared/train/draft-version.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { type CliFailure, messageOf } from '../failure.ts';
import { type GraphScorer, openGraph } from '../learn/open-graph.ts';
import { isTurned } from './class-order.ts';
import { type Asked, mustAnswer, notUsable } from './must-answer.ts';

export type Foreign = {
  model: RunnableModel;
  /** What runs it: in browsers too. */
  runtime: 'own' | 'onnxruntime' | 'tfjs';
  producer: string;
  /** The file's probabilities had the positive class first. */
  isTurned: boolean;
};

export type Given = Asked & {
  bytes: Uint8Array<ArrayBuffer>;
  /** Names of a matrix input's columns; null: the declared inputs in their order. */
  columns: readonly string[] | null;
};

/** An ONNX model made elsewhere, with our signature, and shown to answer what the use case will ask. */
export async function adoptForeign(given: Given): Promise<Result<Foreign, CliFailure>> {
  const { bytes, useCase } = given;
  const signature = readSignature(bytes);
  if (!signature.ok) return notUsable(signature.error.detail);
  const problem = inputProblem(signature.value, given);
  if (problem !== null) return notUsable(problem);
  const isBinary = useCase.task.type === 'binary';
  const columns = given.columns ?? useCase.inputs.map(({ name }) => name);
  const opened = await openInOrder(given, { columns, isBinary });
  if (!opened.ok) return opened;
  const { scorer, adopted, isTurned } = opened.value;
  const predict = async (table: Table) => (await scorer.score(table)).values;
  const answered = await mustAnswer(predict, given);
  if (!answered.ok) return answered;
  const { producer } = signature.value;
  const { runtime } = scorer;
  return ok({
    ...{ model: { bytes: adopted, format: 'onnx', predict }, runtime, producer },
    isTurned,
  });
}

type Opened = { scorer: GraphScorer; adopted: Uint8Array<ArrayBuffer> };

async function open(bytes: Uint8Array, options: AdoptOptions): Promise<Result<Opened, CliFailure>> {
  const adopted = adoptModel(bytes, options);
  if (!adopted.ok) return notUsable(adopted.error.detail);
  const scorer = await openGraph(adopted.value);
  return scorer.ok ? ok({ scorer: scorer.value, adopted: adopted.value }) : scorer;
}

/** What the file asks for and the use case does not declare, or the other way round; null: they agree. */
function inputProblem({ inputs }: ModelSignature, { useCase, columns }: Given): string | null {
  const declared = useCase.inputs;
  const [single] = inputs;
  if (inputs.length === 1 && single.columns !== 1) {
    if (columns !== null) return namesProblem([...columns], declared);
    const category = declared.find(({ type }) => type === 'category');
    if (category === undefined) return null;
    return `it takes one matrix of numbers (${single.name}), and ${category.name} is a category: put the encoding into the graph, one input a column`;
  }
  if (columns !== null)
    return 'it takes its inputs by name, one column each, so that --columns says nothing: leave it out';
  const wrong = inputs.find(({ name, type }) => {
    const input = declared.find((candidate) => candidate.name === name);
    return input !== undefined && input.type !== type;
  });
  if (wrong) return `its input ${wrong.name} is of type ${wrong.type}, which is not as declared`;
  return namesProblem(
    inputs.map(({ name }) => name),
    declared,
  );
}

function namesProblem(names: readonly string[], declared: UseCase['inputs']): string | null {
  const missing = declared.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  const unknown = names.filter((name) => !declared.some((input) => input.name === name));
  const parts = [
    missing.length > 0 ? `it has no input ${missing.join(', ')}` : [],
    unknown.length > 0 ? `${unknown.join(', ')} is not declared` : [],
  ].flat();
  return parts.length === 0 ? null : parts.join('; ');
}

/** Opened so that a binary answer is two probabilities, the positive class last. */
async function openInOrder(
  given: Given,
  options: AdoptOptions,
): Promise<Result<Opened & { isTurned: boolean }, CliFailure>> {
  const first = await open(given.bytes, options);
  if (!first.ok || !options.isBinary)
    return first.ok ? ok({ ...first.value, isTurned: false }) : first;
  const answered = await answersOf(first.value.scorer, given.table);
  if (!answered.ok) return answered;
  const isLone = answered.value.values.length === given.table.rows;
  // Its shape does not say how many numbers a row it gives, but its answers do.
  if (isLone && !options.isAlone) return openInOrder(given, { ...options, isAlone: true });
  const order = classOrder(answered.value, given.useCase);
  if (!order.ok) return order;
  const opened = order.value ? await open(given.bytes, { ...options, isTurned: true }) : first;
  return opened.ok ? ok({ ...opened.value, isTurned: order.value }) : opened;
}

type Answers = Awaited<ReturnType<GraphScorer['score']>>;

async function answersOf(scorer: GraphScorer, table: Table): Promise<Result<Answers, CliFailure>> {
  try {
    return ok(await scorer.score(table));
  } catch (error) {
    return notUsable(`it fails on the rows of the file: ${messageOf(error)}`);
  }
}

function classOrder({ labels, values }: Answers, { task }: UseCase): Result<boolean, CliFailure> {
  if (task.type !== 'binary' || labels === null) return ok(false);
  if (values.length !== 2 * labels.length) return ok(false);
  const [negative, positive] = task.classes;
  const turned = isTurned(labels, values, [negative.value, positive.value]);
  if (turned !== null) return ok(turned);
  const seen = [...new Set(labels)].slice(0, 5).join(', ');
  return notUsable(`its labels (${seen}) are not ${negative.value} and ${positive.value}`);
}
