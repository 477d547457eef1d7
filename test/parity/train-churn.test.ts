import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/run.ts';
import { referencePath } from './reference-data.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgewise-churn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('on the telco file churn trains to honest probabilities, better than the heuristic by every figure', async () => {
  const data = referencePath('data/telco-churn/Telco-Customer-Churn.csv');
  let stdout = '';
  const exitCode = await runCli(
    ['train', 'churn', '--data', data, '--version', '1.0.0', '--out', 'v', '--json'],
    {
      environment: {},
      cwd: folder,
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => undefined },
    },
  );
  expect(exitCode).toBe(0);
  const { test: measured, fallback } = JSON.parse(stdout).metrics;
  expect(measured.rows).toBe(1409);
  expect(measured.roc_auc).toBeGreaterThan(0.825);
  expect(measured.ece).toBeLessThan(0.04);
  for (const figure of ['roc_auc', 'pr_auc', 'accuracy'])
    expect([figure, measured[figure]]).toEqual([
      figure,
      expect.toSatisfy((value) => value > fallback[figure]),
    ]);
  for (const figure of ['log_loss', 'brier', 'ece'])
    expect([figure, measured[figure]]).toEqual([
      figure,
      expect.toSatisfy((value) => value < fallback[figure]),
    ]);
});
