import { expect, test } from 'vitest';
import { useCases } from '../../models/registry.ts';
import { rowAt } from '../table/table.ts';
import { validateRow } from '../use-case/validate-row.ts';
import { canSimulate, type Drift, simulateRows, simulateTable } from './simulate-rows.ts';

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Mean outcome less the heuristic's answer: what moves when the concept does. */
function meanSurprise(useCase: (typeof useCases)[number], drift: Partial<Drift>): number {
  const rows = simulateRows(useCase.id, { rows: 4000, seed: 3, drift });
  return meanOf(rows.map(({ row, value }) => value - useCase.fallback(row)));
}

for (const useCase of useCases) {
  test(`${useCase.id}: simulated rows are valid, within their ranges and of known categories`, () => {
    expect(canSimulate(useCase.id)).toBe(true);
    for (const { row, value } of simulateRows(useCase.id, { rows: 3000, seed: 1 })) {
      const checked = validateRow(useCase.inputs, row);
      expect(checked.ok && checked.value.warnings).toEqual([]);
      expect(value).toBeGreaterThanOrEqual(useCase.target.range[0]);
      expect(value).toBeLessThanOrEqual(useCase.target.range[1]);
    }
  });

  test(`${useCase.id}: the same seed gives the same rows, another seed others`, () => {
    const [a, b, c] = [1, 1, 2].map((seed) => simulateRows(useCase.id, { rows: 50, seed }));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test(`${useCase.id}: drift of the concept moves outcomes away from what the inputs said`, () => {
    const shift = useCase.task.type === 'binary' ? 0.15 : 3;
    expect(meanSurprise(useCase, { concept: 1 })).toBeGreaterThan(
      meanSurprise(useCase, {}) + shift,
    );
  });

  test(`${useCase.id}: a table holds the rows, in time order where the use case splits by time`, () => {
    const table = simulateTable(useCase, { rows: 20, seed: 4 });
    const rows = simulateRows(useCase.id, { rows: 20, seed: 4 });
    expect(table.order === null).toBe(useCase.splitBy.type === 'random');
    expect([...table.target]).toEqual(rows.map(({ value }) => value));
    rows.forEach(({ row }, i) => {
      const float32 = Object.entries(row).map(([name, cell]) => [
        name,
        typeof cell === 'number' ? Math.fround(cell) : cell,
      ]);
      expect(rowAt(table, i)).toEqual(Object.fromEntries(float32));
    });
  });
}

test('drift of the inputs makes trips longer and the weather worse', () => {
  const of = (inputs: number) =>
    simulateRows('delay-prediction', { rows: 3000, seed: 5, drift: { inputs } });
  const km = (rows: ReturnType<typeof of>) =>
    meanOf(rows.map(({ row }) => Number(row.Distance_km)));
  const snow = (rows: ReturnType<typeof of>) =>
    rows.filter(({ row }) => row.Weather === 'Snowy').length;
  expect(km(of(1))).toBeGreaterThan(1.3 * km(of(0)));
  expect(snow(of(1))).toBeGreaterThan(2 * snow(of(0)));
});

test('orders peak at dinner and traffic follows the hour', () => {
  const rows = simulateRows('delay-prediction', { rows: 5000, seed: 6 }).map(({ row }) => row);
  const share = (time: string, traffic: string) => {
    const at = rows.filter((row) => row.Time_of_Day === time);
    return at.filter((row) => row.Traffic_Level === traffic).length / at.length;
  };
  const evenings = rows.filter((row) => row.Time_of_Day === 'Evening').length;
  expect(evenings).toBeGreaterThan(rows.filter((row) => row.Time_of_Day === 'Night').length * 4);
  expect(share('Evening', 'High')).toBeGreaterThan(share('Night', 'High') + 0.05);
});

test('an unknown use case cannot be simulated', () => {
  expect(canSimulate('toString')).toBe(false);
  expect(() => simulateRows('nothing', { rows: 1, seed: 1 })).toThrowError(/no simulator/);
});

test('about a quarter of the customers leave, more of those who are new', () => {
  const rows = simulateRows('churn', { rows: 4000, seed: 2 });
  const rate = (of: typeof rows) => meanOf(of.map(({ value }) => value));
  expect(rate(rows)).toBeGreaterThan(0.2);
  expect(rate(rows)).toBeLessThan(0.33);
  const isNew = ({ row }: (typeof rows)[number]) => Number(row.tenure) < 12;
  const others = rows.filter((row) => !isNew(row));
  expect(rate(rows.filter(isNew))).toBeGreaterThan(1.5 * rate(others));
});
