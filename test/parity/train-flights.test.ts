import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/run.ts';
import { MADE_UP_MINUTES } from '../../models/flight-delay/made-up-minutes.ts';
import { flightDelay } from '../../models/flight-delay/use-case.ts';
import { readTable } from '../../shared/table/read-table.ts';
import { splitTable } from '../../shared/table/split-table.ts';
import type { NumberColumn } from '../../shared/table/table.ts';
import { referencePath } from './reference-data.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgewise-flights-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function edgewise(...commandLine: string[]) {
  let stdout = '';
  const exitCode = await runCli([...commandLine, '--json'], {
    environment: {},
    cwd: folder,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
  });
  return { exitCode, report: JSON.parse(stdout) };
}

const joinFiles = () =>
  edgewise(
    ...['dataset', 'flight-delay', '--out', 'flights.csv'],
    ...['--flights', referencePath('data/flight-delays/nycflights.csv')],
    ...['--weather', referencePath('data/nycflights-weather/weather.csv')],
  );

test('flights join the weather of their hour, and the heuristic’s constant is the training median', async () => {
  const { exitCode, report } = await joinFiles();
  expect(exitCode).toBe(0);
  expect(report.rows).toBe(32_735);
  expect(report.withoutWeather).toBeLessThan(200);
  const read = readTable(readFileSync(join(folder, 'flights.csv'), 'utf8'), {
    inputs: flightDelay.inputs,
    target: flightDelay.target.name,
    orderBy: 'departed_at',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { training } = splitTable(read.value.table, { testShare: 0.2, seed: 42 });
  const left = training.columns.find(({ name }) => name === 'dep_delay') as NumberColumn;
  const madeUp = training.target.map((arrived, row) => left.values[row] - arrived).sort();
  const middle = training.rows / 2;
  expect((madeUp[middle - 1] + madeUp[middle]) / 2).toBe(MADE_UP_MINUTES);
});

test('flight-delay trains like the first use case, measured on the newest fifth', async () => {
  await joinFiles();
  const { exitCode, report } = await edgewise(
    ...['train', 'flight-delay', '--data', 'flights.csv', '--version', '1.0.0', '--out', 'v'],
  );
  expect(exitCode).toBe(0);
  expect(report.metrics.test).toMatchObject({ rows: 6547 });
  expect(report.metrics.fallback).toMatchObject({ rows: 6547 });
  // The seasons move between the parts; what is served must be in the heuristic's neighbourhood.
  expect(report.metrics.test.mae).toBeLessThan(report.metrics.fallback.mae * 1.03);
});
