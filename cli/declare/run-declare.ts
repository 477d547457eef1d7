import { basename, resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { narrowTarget } from '../../shared/learn/target-range.ts';
import { type InferredTable, inferTable } from '../../shared/table/infer-table.ts';
import { type Draft, draftDeclaration } from '../../shared/use-case/draft-declaration.ts';
import { reporting } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { readPieces, refusedTable } from '../learn/read-pieces.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';
import { readSchema, type Schema } from './read-schema-file.ts';

export type DeclareFlags = {
  target: string;
  id: string;
  task?: 'regression' | 'binary';
  positive?: string;
  title?: string;
  out: string;
  json: boolean;
};

/** Words that say yes, in any case. */
const YES = ['1', 'yes', 'true', 'y', 't', 'positive'];

/** Writes the declaration of a use case that a CSV suggests: a schema file for `train`, `package` and the rest. */
export const runDeclare = reporting<DeclareFlags, [string]>(
  async ({ context, flags, tell }, file) => {
    const path = resolve(context.cwd, flags.out);
    const out = await checkOutFile(path, { read: [resolve(context.cwd, file)] });
    if (!out.ok) return out;
    const text = await readPieces(resolve(context.cwd, file));
    if (!text.ok) return text;
    const { target, task } = flags;
    const read = inferTable(text.value.pieces, { target, ...(task ? { task } : {}) });
    if (!read.ok) return refusedTable(file, read.error);
    const [first] = read.value.table.target;
    if (read.value.table.target.every((value) => value === first))
      return failed('rows', `${target} is the same in every row of ${file}: nothing to predict.`);
    const narrow = narrowTarget(read.value.table.target);
    if (narrow !== null) return failed('rows', `${file}, column ${target}: ${narrow}.`);
    const classes = classesOf(read.value, flags);
    if (!classes.ok) return classes;
    const draft = draftOf(read.value, { flags, file, classes: classes.value });
    const { definition, fallback, leftOut } = draft;
    for (const { column, why } of leftOut) tell(`Left out ${column}: ${why}.`);
    if (definition.inputs.length === 0)
      return failed('rows', `${file} has no column that can be declared as an input.`);
    const schema = { ...definition, fallback };
    const checked = readSchema(schema);
    if (!checked.ok)
      return failed('rows', `${file} makes no declaration that holds.`, checked.error.problems);
    const { declaration } = checked.value;
    const content = `${JSON.stringify(schema, null, 2)}\n`;
    const written = await writeOutFile(path, content);
    if (!written.ok) return written;
    return ok({
      json: {
        ...{ file: path, id: declaration.id, task: declaration.task, fallback, leftOut },
        inputs: declaration.inputs.map(({ name, type }) => ({ name, type })),
      },
      sentences: [
        `Declared ${declaration.id}: ${declaration.inputs.length} inputs, ${describeTask(checked.value)}.`,
        `Read ${flags.out} and change what you know better: labels, units, ranges.`,
        'Gates, rollout, monitors and retraining are the usual ones (models/README.md) until it names others.',
        `Next: edgewise train ${flags.out} --data ${file} --version 1.0.0 --out DIR`,
      ],
    });
  },
);

function draftOf(
  { inputs, report, table }: InferredTable,
  { flags, file, classes }: { flags: DeclareFlags; file: string; classes: Classes | null },
): Draft {
  const { id, target, title = basename(file).replace(/\.\w+$/, '') } = flags;
  const ordered = classes?.isTurned ? { ...table, target: table.target.map((y) => 1 - y) } : table;
  return draftDeclaration({
    ...{ id, title, target, inputs, report, table: ordered },
    classes: classes?.labels ?? null,
  });
}

type Classes = { labels: [string, string]; isTurned: boolean };

/** The two labels, the positive one last: as asked for, or a word that says yes, or the rarer one. */
function classesOf(
  { classes, table }: InferredTable,
  { positive, target }: DeclareFlags,
): Result<Classes | null, CliFailure> {
  if (classes === null) return ok(null);
  if (classes.length !== 2)
    return failed(
      'rows',
      `${target} has ${classes.length} classes. Use cases are of numbers or of two classes.`,
    );
  const wanted = positive ?? classes.find((label) => YES.includes(label.toLowerCase()));
  if (wanted !== undefined && !classes.includes(wanted))
    return failed('wrong_usage', `${target} is never "${wanted}", but ${classes.join(' or ')}.`);
  const ones = table.target.reduce((sum, y) => sum + y, 0);
  const at = wanted === undefined ? Number(2 * ones <= table.rows) : classes.indexOf(wanted);
  return ok({ labels: [classes[1 - at], classes[at]], isTurned: at === 0 });
}

function describeTask({ declaration: { task, target }, fallback }: Schema): string {
  return task.type === 'binary'
    ? `the probability that ${target.name} is ${task.classes[1].value} (${fallback.constant} of the rows)`
    : `${target.name} as a number (median ${fallback.constant})`;
}
