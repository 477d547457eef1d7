import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Bench, BenchRow } from './row.ts';

/** Loaded when asked for, so that one bench costs only its own imports. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  ingest: async () => (await import('./ingest.ts')).ingest,
  'predict-overhead': async () => (await import('./predict-overhead.ts')).predictOverhead,
  'fold-to-verdict': async () => (await import('./fold-to-verdict.ts')).foldToVerdict,
  'kill-switch': async () => (await import('./kill-switch.ts')).killSwitch,
  'retraining-memory': async () => (await import('./retraining-memory.ts')).retrainingMemory,
  'false-alarms': async () => (await import('./stats/simulated-rates.ts')).falseAlarms,
  'drift-power': async () => (await import('./stats/simulated-rates.ts')).driftPower,
  'sequential-alpha': async () => (await import('./stats/simulated-rates.ts')).sequentialAlpha,
  'profile-update': async () => (await import('./stats/speed.ts')).profileUpdate,
  'profile-merge': async () => (await import('./stats/speed.ts')).profileMerge,
  'drift-verdict': async () => (await import('./stats/speed.ts')).driftVerdict,
  'ks-raw': async () => (await import('./stats/speed.ts')).ksRaw,
  hyperloglog: async () => (await import('./stats/speed.ts')).hyperloglog,
  'import-bytes': async () => (await import('./stats/speed.ts')).importBytes,
  'linear-fit': async () => (await import('./learn/linear-fit.ts')).linearFit,
  'tree-shap': async () => (await import('./learn/tree-shap.ts')).treeShap,
  'boosting-fit': async () => (await import('./learn/boosting-fit.ts')).boostingFit,
  determinism: async () => (await import('./learn/determinism.ts')).determinism,
  'forest-fit': async () => (await import('./learn/forest-fit.ts')).forestFit,
  'predict-rows': async () => (await import('./learn/predict-rows.ts')).predictRows,
  'model-compression': async () => (await import('./learn/model-compression.ts')).modelCompression,
  tpe: async () => (await import('./learn/tpe.ts')).tpe,
  automl: async () => (await import('./learn/automl.ts')).automl,
  'train-memory': async () => (await import('./learn/train-memory.ts')).trainMemory,
};

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' } },
});

const names = values.only?.split(',') ?? Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const name of names) {
  const bench = await BENCHES[name]();
  console.error(`${name} ...`);
  const row = await bench.run();
  rows.push(row);
  const verdict = row.holds === null ? '' : row.holds ? 'holds' : 'FAILS';
  console.error(
    `${name}: ${row.value.toPrecision(4)} ${row.unit} (${row.bar ?? 'no bar'}) ${verdict}`,
  );
}
if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
else console.log(JSON.stringify(rows, null, 2));
if (rows.some((row) => row.holds === false)) process.exitCode = 1;
