import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { churn } from '../../models/churn/use-case.ts';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { simulateRows } from '../../shared/simulate/simulate-rows.ts';
import { declarationOf } from '../../shared/use-case/define-use-case.ts';
import { runCli } from '../run.ts';
import { readVersionFolder } from '../version-folder.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgewise-train-'));
  writeQuick(['ridge', 'decision-tree']);
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function edgewise(...commandLine: string[]) {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(commandLine, {
    environment: {},
    cwd,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout, stderr };
}

const header = [...delayPrediction.inputs.map(({ name }) => name), delayPrediction.target.name];

function writeCsv(name: string, rows: number, seed: number) {
  const lines = simulateRows('delay-prediction', { rows, seed }).map(({ row, value }) =>
    [...Object.values(row).map((cell) => cell ?? ''), value].join(','),
  );
  writeFileSync(join(cwd, name), [header.join(','), ...lines].join('\n'));
}

/** The use case in a file of its own, with a search that takes no time. */
function writeQuick(algorithms: string[]) {
  const search = { algorithms, folds: 2, trials: 1 };
  const quick = { ...declarationOf(delayPrediction), search, fallback: { constant: 50 } };
  writeFileSync(join(cwd, 'quick.json'), JSON.stringify(quick));
}

const train = (...more: string[]) => trainCase('quick.json', ...more);

const trainCase = (useCase: string, ...more: string[]) =>
  edgewise(
    ...['train', useCase, '--data', 'rows.csv', '--version', '1.0.0'],
    ...['--out', 'made', '--json', ...more],
  );

test('train leaves a whole version in the folder and says how good it is as JSON alone', async () => {
  writeCsv('rows.csv', 300, 1);
  const { exitCode, stdout, stderr } = await trainCase('delay-prediction');
  expect(exitCode).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    task: 'regression',
    algorithm: expect.stringMatching(/^(huber|hist-gradient-boosting)$/),
    ...{ rows: 240, features: 7 },
    seconds: expect.any(Number),
    metrics: { test: { rows: 60 }, fallback: { rows: 60 } },
    files: { model: join(cwd, 'made/model.onnx') },
  });
  expect(stderr).toContain('Trained delay-prediction 1.0.0');
  const folder = await readVersionFolder(join(cwd, 'made'));
  expect(folder.ok && folder.value.files.map(({ role }) => role)).toEqual([
    'model',
    'reference',
    'probe',
    'declaration',
  ]);
});

test('the same data and seed give the same model, another seed another version', async () => {
  writeCsv('rows.csv', 200, 1);
  const model = async (...more: string[]) => {
    expect((await train(...more)).exitCode).toBe(0);
    return readFileSync(join(cwd, 'made/model.onnx'));
  };
  const first = await model();
  expect(await model()).toEqual(first);
  expect(await model('--seed', '7')).not.toEqual(first);
});

test('with --test nothing is kept back from the data', async () => {
  writeCsv('rows.csv', 200, 1);
  writeCsv('held.csv', 50, 2);
  const { stdout } = await train('--test', 'held.csv');
  expect(JSON.parse(stdout).metrics).toMatchObject({
    crossValidation: { rows: 200 },
    test: { rows: 50 },
  });
});

test('a corrupt CSV is refused with row, column, what was expected and what was found', async () => {
  writeCsv('rows.csv', 60, 1);
  const lines = readFileSync(join(cwd, 'rows.csv'), 'utf8').split('\n');
  lines[3] = lines[3].replace(/^[^,]+/, 'far away');
  writeFileSync(join(cwd, 'rows.csv'), lines.join('\n'));
  const { exitCode, stdout, stderr } = await train();
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout).error.reason).toBe('rows');
  expect(stderr).toContain(
    'row 3 (line 4), column Distance_km: expected a finite number, found "far away"',
  );
});

test('a file that is absent, not UTF-8 or too short is refused with a sentence', async () => {
  expect(await train()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('rows.csv') });
  writeFileSync(join(cwd, 'rows.csv'), Uint8Array.of(0x61, 0xff, 0xfe));
  expect((await train()).stderr).toContain('it is not UTF-8 text');
  writeCsv('rows.csv', 20, 1);
  expect((await train()).stderr).toContain('16 rows to train on and 4 to measure on are too few');
});

test('an unknown use case, a bad version and a bad seed are wrong usage', async () => {
  const unknown = await edgewise(
    ...['train', 'weather', '--data', 'x', '--version', '1.0.0', '--out', 'y'],
  );
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('There are: delay-prediction, flight-delay, churn');
  expect((await train('--seed', '-1')).exitCode).toBe(2);
  expect(
    (await edgewise('train', 'delay-prediction', '--data', 'x', '--version', '1', '--out', 'y'))
      .exitCode,
  ).toBe(2);
});

test('an algorithm that is not there, or learns another task, is said before anything is read', async () => {
  for (const [name, why] of [
    ['rigde', 'there is no algorithm "rigde". There are: '],
    ['logistic-regression', 'logistic-regression does not learn a regression task'],
  ]) {
    writeQuick([name]);
    const { exitCode, stderr } = await train();
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
  }
});

async function trainChurn(change: (csv: string) => string = (csv) => csv) {
  await edgewise('simulate', 'churn', '--rows', '150', '--seed', '3', '--out', 'customers.csv');
  const path = join(cwd, 'customers.csv');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  const search = { algorithms: ['logistic-regression'], folds: 3, trials: 1 };
  const quick = { ...declarationOf(churn), search, fallback: { constant: 0.25 } };
  writeFileSync(join(cwd, 'churn.json'), JSON.stringify(quick));
  const where = ['--data', 'customers.csv', '--version', '1.0.0', '--out', 'made', '--json'];
  return edgewise('train', 'churn.json', ...where);
}

test('a classifier is trained on the classes as the CSV says them, and measured as one', async () => {
  const { exitCode, stdout, stderr } = await trainChurn();
  expect(exitCode, stderr).toBe(0);
  const { task, metrics } = JSON.parse(stdout);
  expect(task).toBe('binary');
  const figures = ['roc_auc', 'pr_auc', 'log_loss', 'brier', 'accuracy', 'ece', 'rows'];
  expect(Object.keys(metrics.test)).toEqual(figures);
  expect(metrics.test.rows).toBe(30);
  expect(metrics.fallback.roc_auc).toBe(0.5);
  expect(stderr).toMatch(
    /ROC-AUC 0\.\d+, PR-AUC .* on 30 rows it has not seen; the heuristic's are/,
  );
});

test('a label of neither class is refused with its row and column', async () => {
  const { exitCode, stderr } = await trainChurn((csv) => csv.replace(/,(Yes|No)\n/, ',Maybe\n'));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('row 1 (line 2), column Churn: expected "No" or "Yes", found "Maybe"');
});

test('rows of one class alone cannot be trained on', async () => {
  const { exitCode, stderr } = await trainChurn((csv) => csv.replaceAll(/,Yes\n/g, ',No\n'));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('of one class alone');
});
