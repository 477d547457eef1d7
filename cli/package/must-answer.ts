import type { Row } from '../../shared/contracts/manifest.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import type { Table } from '../../shared/table/table.ts';
import { probeRowsOf, tableOfRows } from '../../shared/train/probe-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

export type Asked = {
  useCase: UseCase;
  /** Rows that it must answer. */
  table: Table;
};

export const notUsable = (why: string) =>
  failed('version_files', `The model cannot be published as it is: ${why}.`);

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
      const remedy = rows === table ? '' : `. ${REMEDY}`;
      return notUsable(`it fails on the ${what}: ${messageOf(error)}${remedy}`);
    }
  }
  return answersAlone(predict, useCase, probes);
}

/** A device asks about one row at a time: what else is asked must not move its answer, nor may chance. */
async function answersAlone(
  predict: (table: Table) => Promise<Float32Array>,
  { inputs }: UseCase,
  probes: readonly Row[],
): Promise<Result<null, CliFailure>> {
  const together = await predict(tableOfRows(inputs, probes));
  const perRow = together.length / probes.length;
  for (const [row, probe] of probes.entries()) {
    const alone = await predict(tableOfRows(inputs, [probe]));
    const differs = alone.some((answer, i) => !isSame(answer, together[row * perRow + i]));
    if (differs)
      return notUsable(
        `it answers a row otherwise when it is asked alone (${JSON.stringify(probe)}): devices ask about one row at a time`,
      );
  }
  return ok(null);
}

const isSame = (a: number, b: number): boolean =>
  Math.abs(a - b) <= SAME * Math.max(1, Math.abs(b));

/** Sums of float32 come out otherwise by so much, by the order in which a runtime adds. */
const SAME = 1e-4;

/** A regression answers a number a row, a classifier one probability or two. */
function shapeProblem(answers: Float32Array, rows: number, { task }: UseCase): string | null {
  const perRow = answers.length / rows;
  if (!Number.isInteger(perRow))
    return `it answers ${answers.length} numbers to ${rows} rows: as many to each are needed`;
  if (task.type === 'regression')
    return perRow === 1 ? null : `it answers ${perRow} numbers a row, and a regression one`;
  if (perRow > 2) return `it answers ${perRow} numbers a row, and a binary task has two classes`;
  // Of two the device cuts off what is beyond; one alone it would not believe.
  const slack = perRow === 2 ? ROUNDING : 0;
  const beyond = answers.find((answer) => answer < -slack || answer > 1 + slack);
  if (beyond !== undefined) return `it answers ${beyond}, which is no probability`;
  const odd = perRow === 2 ? oddSum(answers) : undefined;
  return odd === undefined
    ? null
    : `its two probabilities of a row sum to ${odd}: they are not those of two classes`;
}

/** A sum of two that is not 1. */
function oddSum(answers: Float32Array): number | undefined {
  for (let at = 0; at < answers.length; at += 2) {
    const sum = answers[at] + answers[at + 1];
    if (Math.abs(sum - 1) > SUM_ROUNDING) return sum;
  }
  return undefined;
}

/** Of scores that a converter made probabilities of in float32. */
const SUM_ROUNDING = 1e-3;

/** A float32 sum may miss 0 and 1 by so much. */
const ROUNDING = 1e-5;

const REMEDY =
  'Declare missing values as `reject` where the model has no imputation, and let its encoder ignore unknown categories';
