import type { FitFolder } from '../learn/fit-folder.ts';

/** Large enough for a write to be hit half done. */
const WEIGHTS = 300_000;

/** A model whose files all say which one it is. */
export function modelOf(number: number): FitFolder {
  const inputs = [{ name: 'x', type: 'number', missing: 'impute' }] as const;
  const background = { rows: 0, columns: [], target: new Float64Array(0), order: null };
  return {
    manifest: {
      ...{ schemaVersion: 1, kind: 'fit', task: 'regression', inputs: [...inputs], target: 'y' },
      ...{ classes: null, algorithm: 'ridge', members: [], seed: number, isDeterministic: true },
      ...{ createdAt: '2026-01-01T00:00:00Z', seconds: 1, rows: 1, datasetSha256: '' },
      ...{ interval: null, metrics: {} },
    },
    fitted: {
      background,
      predictor: {
        ...{ type: 'pipeline', task: 'regression', inputs, classes: [], algorithm: 'ridge' },
        parameters: { model: number },
        preparation: { encoding: { numbers: ['x'], categories: [] }, steps: [] },
        estimator: {
          ...{ type: 'linear', outputs: 1, link: 'identity' },
          coefficients: new Float32Array(WEIGHTS).fill(number),
          intercepts: Float32Array.of(number),
        },
      },
    },
    onnx: new Uint8Array(WEIGHTS).fill(number),
  };
}
