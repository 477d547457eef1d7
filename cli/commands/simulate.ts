import { resolve } from 'node:path';
import { findUseCase } from '../../models/registry.ts';
import type { InputValue } from '../../shared/contracts/manifest.ts';
import { ok } from '../../shared/core/result.ts';
import { canSimulate, simulateRows } from '../../shared/simulate/simulate-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { reporting } from '../command.ts';
import { failed } from '../failure.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';

export type SimulateFlags = {
  rows: number;
  seed: number;
  inputDrift: number;
  conceptDrift: number;
  out: string;
  json: boolean;
};

/** Writes simulated rows as the CSV that `train` takes: the product ships no data. */
export const simulate = reporting<SimulateFlags, [string]>(async ({ context, flags }, id) => {
  const useCase = findUseCase(id);
  if (!useCase || !canSimulate(id)) {
    return failed('wrong_usage', `There is no simulation of ${id}.`);
  }
  const path = resolve(context.cwd, flags.out);
  const out = await checkOutFile(path);
  if (!out.ok) return out;
  const written = await writeOutFile(path, simulatedCsv(useCase, flags));
  if (!written.ok) return written;
  const { rows, seed } = flags;
  return ok({
    json: { useCase: id, rows, seed, file: path },
    sentences: [`Wrote ${rows} simulated rows of ${id} to ${path}.`],
  });
});

/** One line a row, the order first where the use case splits by time. */
export function simulatedCsv(useCase: UseCase, flags: Omit<SimulateFlags, 'out' | 'json'>): string {
  const orderColumn = useCase.splitBy.type === 'time' ? [useCase.splitBy.column] : [];
  const inputs = useCase.inputs.map(({ name }) => name);
  const header = [...orderColumn, ...inputs, useCase.target.name];
  const drift = { inputs: flags.inputDrift, concept: flags.conceptDrift };
  const rows = simulateRows(useCase.id, { rows: flags.rows, seed: flags.seed, drift });
  const lines = rows.map(({ row, value, order }) =>
    [
      ...orderColumn.map(() => order),
      ...inputs.map((name) => row[name]),
      outcomeCell(useCase, value),
    ].map(csvCell),
  );
  return `${[header, ...lines].map((cells) => cells.join(',')).join('\n')}\n`;
}

/** An outcome as the data says it: of a binary task the class's value. */
const outcomeCell = ({ task }: UseCase, value: number): InputValue =>
  task.type === 'binary' ? task.classes[value].value : value;

/** RFC 4180: quoted where a comma, a quote or a line break would end the cell. */
function csvCell(value: InputValue): string {
  const text = value === null ? '' : Object.is(value, -0) ? '-0' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
