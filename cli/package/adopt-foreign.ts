import { ok, type Result } from '../../shared/core/result.ts';
import { type AdoptOptions, adoptModel } from '../../shared/onnx/rewrite/adopt-model.ts';
import { type ModelSignature, readSignature } from '../../shared/onnx/rewrite/read-signature.ts';
import type { Table } from '../../shared/table/table.ts';
import type { RunnableModel } from '../../shared/train/draft-version.ts';
import { probeRowsOf, tableOfRows } from '../../shared/train/probe-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { type GraphScorer, openGraph } from '../learn/open-graph.ts';
import { isTurned } from './class-order.ts';

export type Foreign = {
  model: RunnableModel;
  /** What runs it: in browsers too. */
  runtime: 'own' | 'onnxruntime' | 'tfjs';
  producer: string;
  /** The file's probabilities had the positive class first. */
  isTurned: boolean;
};

export type Asked = {
  useCase: UseCase;
  /** Rows that it must answer. */
  table: Table;
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
  const first = await open(bytes, { columns, isBinary });
  if (!first.ok) return first;
  const order = await classOrder(first.value.scorer, given);
  if (!order.ok) return order;
  const opened = order.value ? await open(bytes, { columns, isBinary, isTurned: true }) : first;
  if (!opened.ok) return opened;
  const { scorer, adopted } = opened.value;
  const predict = async (table: Table) => (await scorer.score(table)).values;
  const answered = await mustAnswer(predict, given);
  if (!answered.ok) return answered;
  const { producer } = signature.value;
  const { runtime } = scorer;
  return ok({
    ...{ model: { bytes: adopted, format: 'onnx', predict }, runtime, producer },
    isTurned: order.value,
  });
}

export const notUsable = (why: string) =>
  failed('version_files', `The model cannot be published as it is: ${why}.`);

async function open(bytes: Uint8Array, options: AdoptOptions) {
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

async function classOrder(
  scorer: GraphScorer,
  { useCase, table }: Given,
): Promise<Result<boolean, CliFailure>> {
  if (useCase.task.type !== 'binary') return ok(false);
  try {
    const { labels, values } = await scorer.score(table);
    if (labels === null) return ok(false);
    const [negative, positive] = useCase.task.classes;
    const turned = isTurned(labels, values, [negative.value, positive.value]);
    if (turned !== null) return ok(turned);
    const seen = [...new Set(labels)].slice(0, 5).join(', ');
    return notUsable(`its labels (${seen}) are not ${negative.value} and ${positive.value}`);
  } catch (error) {
    return notUsable(`it fails on the rows of the file: ${messageOf(error)}`);
  }
}

/** Rows of the file, and rows with what users will send: missing values, unknown categories, far values. */
export async function mustAnswer(
  predict: (table: Table) => Promise<Float32Array>,
  { useCase, table }: Asked,
): Promise<Result<null, CliFailure>> {
  const probes = probeRowsOf(useCase.inputs, table);
  const asked = [
    { what: 'rows of the file', rows: table, of: (row: number) => `row ${row + 1}` },
    {
      what: 'rows that users may send',
      rows: tableOfRows(useCase.inputs, probes),
      of: (row: number) => JSON.stringify(probes[row]),
    },
  ];
  for (const { what, rows, of } of asked) {
    try {
      const answers = await predict(rows);
      const shape = shapeProblem(answers, rows.rows, useCase);
      if (shape !== null) return notUsable(shape);
      const at = answers.findIndex((answer) => !Number.isFinite(answer));
      if (at < 0) continue;
      const row = Math.floor(at / (answers.length / rows.rows));
      return notUsable(`of the ${what} it answers no number to ${of(row)}. ${REMEDY}`);
    } catch (error) {
      return notUsable(`it fails on the ${what}: ${messageOf(error)}. ${REMEDY}`);
    }
  }
  return ok(null);
}

/** A regression answers a number a row, a classifier one probability or two. */
function shapeProblem(answers: Float32Array, rows: number, { task }: UseCase): string | null {
  const perRow = answers.length / rows;
  if (task.type === 'regression')
    return perRow === 1 ? null : `it answers ${perRow} numbers a row, and a regression one`;
  if (perRow > 2) return `it answers ${perRow} numbers a row, and a binary task has two classes`;
  const beyond = answers.find((answer) => answer < -ROUNDING || answer > 1 + ROUNDING);
  return beyond === undefined ? null : `it answers ${beyond}, which is no probability`;
}

/** A float32 sum may miss 0 and 1 by so much. */
const ROUNDING = 1e-5;

const REMEDY =
  'Declare missing values as `reject` where the model has no imputation, and let its encoder ignore unknown categories';
