import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import type { ReferenceProfile } from '../../../shared/contracts/profile.ts';
import { createRng, normal } from '../../../shared/core/rng.ts';
import { judgeDrift } from '../../../shared/decide/drift.ts';
import { mergeProfiles } from '../../../shared/stats/profile/merge-profiles.ts';
import { numberEdges } from '../../../shared/stats/profile/number-edges.ts';
import { buildReferenceProfile } from '../../../shared/stats/profile/reference-profile.ts';
import { addPrediction, createProfile } from '../../../shared/stats/profile/traffic-profile.ts';
import { addToSketch, createColumnSketch } from '../../../shared/stats/sketch/column-sketch.ts';
import { addDistinctNumber, createHyperLogLog } from '../../../shared/stats/sketch/hyperloglog.ts';
import { kolmogorovSmirnov } from '../../../shared/stats/tests/kolmogorov-smirnov.ts';
import { type Bench, median } from '../row.ts';

/** Milliseconds of CPU time of this process: other work on the machine does not count. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const repeated = (runs: number, work: () => void): number[] =>
  Array.from({ length: runs }, () => cpuMs(work));

const draws = (n: number, seed: number): Float64Array => {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => normal(rng));
};

/** Values a second through histogram, moments, quantile sketch and distinct count together. */
export const profileUpdate: Bench = {
  name: 'profile-update',
  run: async () => {
    const values = draws(2_000_000, 1);
    const edges = numberEdges(values.subarray(0, 10_000));
    const times = repeated(7, () => {
      const sketch = createColumnSketch(edges);
      for (let i = 0; i < values.length; i++) addToSketch(sketch, values[i]);
    });
    const value = values.length / (median(times) / 1000);
    return {
      name: 'profile-update',
      question: 'How many float64 values a second of CPU time does a column sketch take?',
      value,
      unit: 'values/s',
      bar: '>= 5,000,000',
      holds: value >= 5e6,
      detail: { timesMs: times },
    };
  },
};

/** A reference of `inputs` number columns and a profile of `events` in its bins. */
function profiled(inputs: number, events: number) {
  const names = Array.from({ length: inputs }, (_, i) => `input${i}`);
  const columns = Object.fromEntries(
    names.map((name, i) => [name, { type: 'number' as const, values: draws(2000, i + 1) }]),
  );
  const target = draws(2000, 99);
  const reference: ReferenceProfile = buildReferenceProfile({
    inputs: columns,
    prediction: target,
    target,
  });
  const profile = createProfile(reference);
  const rng = createRng(5);
  for (let i = 0; i < events; i++) {
    const features = Object.fromEntries(names.map((name) => [name, normal(rng)]));
    const about = { version: '1.0.0', assigned: '1.0.0', variant: 'champion' as const };
    const answer = { source: 'model' as const, value: normal(rng), latencyMs: 1 };
    addPrediction(profile, { type: 'prediction', seq: 1, at: 0, ...about, ...answer, features });
  }
  return { reference, profile };
}

/** Time to merge 10,000 device profiles of a model with ten inputs. */
export const profileMerge: Bench = {
  name: 'profile-merge',
  run: async () => {
    const { reference, profile } = profiled(10, 50);
    const parts = Array.from({ length: 10_000 }, () => structuredClone(profile));
    const times = repeated(5, () => {
      const into = createProfile(reference);
      for (const part of parts) mergeProfiles(into, part);
    });
    const value = median(times);
    return {
      name: 'profile-merge',
      question: 'How long does merging 10,000 profiles of 10 inputs take?',
      value,
      unit: 'ms',
      bar: '<= 1,000',
      holds: value <= 1000,
      detail: { timesMs: times },
    };
  },
};

/** Time of one drift verdict over 100 inputs, for few events and for many. */
export const driftVerdict: Bench = {
  name: 'drift-verdict',
  run: async () => {
    const policy = { minSamples: 30, alpha: 0.05, minPsi: 0.1 };
    const timeOf = (events: number): number => {
      const { reference, profile } = profiled(100, events);
      return median(repeated(50, () => void judgeDrift(reference, profile, policy)));
    };
    const [few, many] = [timeOf(200), timeOf(10_000)];
    const value = Math.max(few, many);
    return {
      name: 'drift-verdict',
      question: 'How long does a drift verdict over 100 inputs take from profiles?',
      value,
      unit: 'ms',
      bar: '<= 5, whatever the number of events',
      holds: value <= 5,
      detail: { 'ms after 200 events': few, 'ms after 10,000 events': many },
    };
  },
};

const SCIPY = `
import numpy as np, time
from scipy import stats
r = np.random.default_rng(1); a = r.normal(size=10**6); b = r.normal(size=10**6)
t = []
for _ in range(5):
    s = time.process_time(); stats.ks_2samp(a, b); t.append(time.process_time() - s)
print(sorted(t)[2] * 1000)
`;

function scipyMs(): number | null {
  try {
    return Number(execFileSync('python3', ['-c', SCIPY], { encoding: 'utf8', stdio: 'pipe' }));
  } catch (error) {
    console.error(
      `scipy is not at hand: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
    return null;
  }
}

/** Two-sample Kolmogorov-Smirnov on two million raw values, against scipy in the same run. */
export const ksRaw: Bench = {
  name: 'ks-raw',
  run: async () => {
    const [a, b] = [draws(1_000_000, 1), draws(1_000_000, 2)];
    const times = repeated(7, () => void kolmogorovSmirnov(a, b));
    const value = median(times);
    const scipy = scipyMs();
    return {
      name: 'ks-raw',
      question: 'How much CPU time does a two-sample KS test of 2 x 1,000,000 raw values take?',
      value,
      unit: 'ms',
      bar: '<= 500, and <= 1.2 x scipy where scipy is at hand',
      holds: value <= 500 && (scipy === null || value <= 1.2 * scipy),
      detail: { scipyMs: scipy, timesMs: times },
    };
  },
};

/** Adds a second to a distinct count. */
export const hyperloglog: Bench = {
  name: 'hyperloglog',
  run: async () => {
    const values = draws(4_000_000, 3);
    const times = repeated(7, () => {
      const sketch = createHyperLogLog();
      for (let i = 0; i < values.length; i++) addDistinctNumber(sketch, values[i]);
    });
    const value = values.length / (median(times) / 1000);
    return {
      name: 'hyperloglog',
      question: 'How many float64 values a second of CPU time are hashed and counted?',
      value,
      unit: 'adds/s',
      bar: '>= 10,000,000',
      holds: value >= 1e7,
      detail: { timesMs: times },
    };
  },
};

const TESTS: Record<string, string> = {
  kolmogorovSmirnov: 'tests/kolmogorov-smirnov.ts',
  tTest: 'tests/t-test.ts',
  mannWhitney: 'tests/mann-whitney.ts',
  andersonDarling: 'tests/anderson-darling.ts',
  cramerVonMises: 'tests/cramer-von-mises.ts',
  eppsSingleton: 'tests/epps-singleton.ts',
  twoSampleChiSquare: 'tests/two-sample-chi-square.ts',
  fisherExact: 'tests/counts.ts',
};

async function bytesOf(folder: string, name: string, path: string): Promise<number> {
  const source = new URL(`../../../shared/stats/${path}`, import.meta.url).pathname;
  const entry = join(folder, `${name}.ts`);
  await writeFile(entry, `export { ${name} } from ${JSON.stringify(source)};\n`);
  const lib = { entry, formats: ['es' as const] };
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: true, lib },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunks = outputs.flatMap((output) => ('output' in output ? output.output : []));
  const code = chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  return brotliCompressSync(code).length;
}

/** Brotli bytes that importing one test costs a page. */
export const importBytes: Bench = {
  name: 'import-bytes',
  run: async () => {
    const detail: Record<string, number> = {};
    const folder = await mkdtemp(join(tmpdir(), 'edgewise-bytes-'));
    for (const [name, path] of Object.entries(TESTS))
      detail[name] = await bytesOf(folder, name, path);
    await rm(folder, { recursive: true });
    const value = Math.max(...Object.values(detail));
    return {
      name: 'import-bytes',
      question: 'How many brotli bytes does importing one test cost, the largest of them?',
      value,
      unit: 'bytes',
      bar: '<= 3,072',
      holds: value <= 3072,
      detail,
    };
  },
};
