import { expect, test } from 'vitest';
import { useCases } from '../../models/registry.ts';
import { simulateTable } from '../../shared/simulate/simulate-rows.ts';
import { readTable } from '../../shared/table/read-table.ts';
import { simulatedCsv } from './simulate.ts';

test.each(useCases.map((useCase) => [useCase.id, useCase] as const))(
  'the CSV of %s reads back as the table that was simulated',
  (_, useCase) => {
    const options = { rows: 300, seed: 7, inputDrift: 0.5, conceptDrift: 0 };
    const orderBy = useCase.splitBy.type === 'time' ? useCase.splitBy.column : undefined;
    const { task } = useCase;
    const classes = task.type === 'binary' ? task.classes.map(({ value }) => value) : undefined;
    const read = readTable(simulatedCsv(useCase, options), {
      inputs: useCase.inputs,
      target: useCase.target.name,
      classes,
      orderBy,
    });
    const simulated = simulateTable(useCase, { rows: 300, seed: 7, drift: { inputs: 0.5 } });
    expect(read.ok && read.value.table).toEqual(simulated);
  },
);
