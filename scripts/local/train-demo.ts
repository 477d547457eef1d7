import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findUseCase } from '../../models/registry.ts';
import { simulateRows, simulateTable } from '../../shared/simulate/simulate-rows.ts';
import { splitTable } from '../../shared/table/split-table.ts';
import { assembleVersion } from '../../shared/train/assemble-version.ts';
import { trainUseCase } from '../../shared/train/train-use-case.ts';

/** Trains one use case on simulated rows and writes the version: arguments MODEL VERSION FOLDER. */

const SEED = 20_261_101;
const ROWS = 4000;
const TEST_SHARE = 0.2;

const [model, version, folder] = process.argv.slice(2);
const useCase = findUseCase(model);
if (!useCase) throw new Error(`There is no use case ${model}.`);

const simulation = { rows: ROWS, seed: SEED };
const { training, test } = splitTable(simulateTable(useCase, simulation), {
  testShare: TEST_SHARE,
  seed: SEED,
  isStratified: useCase.task.type === 'binary',
});
const draft = await trainUseCase({
  useCase,
  table: training,
  test,
  seed: SEED,
  version,
  nowMs: Date.now,
  datasetSha256: sha256(new TextEncoder().encode(JSON.stringify(simulateRows(model, simulation)))),
  source: 'simulation',
  parentVersion: null,
  runId: null,
});
if (!draft.ok) throw new Error(draft.error.detail);
const { manifestBytes, files } = await assembleVersion(draft.value, async (bytes) => sha256(bytes));

await mkdir(folder, { recursive: true });
for (const [role, bytes] of files) {
  await writeFile(join(folder, role === 'model' ? 'model.onnx' : `${role}.json`), bytes);
}
await writeFile(join(folder, 'manifest.json'), manifestBytes);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
