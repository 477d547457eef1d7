import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { ALGORITHMS } from '../catalogue.ts';
import { fitPipeline, predictPipeline } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import type { Parameters } from '../search/space.ts';
import { anomalyPValue } from './anomaly-threshold.ts';
import { calibratePipeline } from './calibrate-pipeline.ts';

const INPUTS = ['x', 'y'].map((name) => ({ name, type: 'number', missing: 'impute' }) as const);

/** Points near the line x = y, around 0, and as many far off it as asked for. */
function madeData(rows: number, strange: number, seed: number): PipelineData {
  const rng = createRng(seed);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    const away = i < strange ? (i % 2 === 0 ? 9 : -9) : 0;
    const x = normal(rng);
    builder.setNumber(0, x + away);
    builder.setNumber(1, x + 0.3 * normal(rng) + 0.6 * away);
    builder.commit(0, 0);
  }
  return { task: 'anomaly', inputs: INPUTS, table: builder.build(), classes: [], weights: null };
}

const detectors = ALGORITHMS.filter(({ tasks }) => tasks.includes('anomaly'));

test.each(detectors.map((algorithm) => [algorithm.name, algorithm] as const))(
  'new ordinary rows are strange to %s as rarely as its p values say, far ones are flagged',
  (_, algorithm) => {
    const data = madeData(500, 0, 1);
    const parameters: Parameters = 'nEstimators' in algorithm.defaults ? { nEstimators: 40 } : {};
    const pipeline = fitPipeline(data, { algorithm, parameters }, { rng: createRng(2) });
    const method = { type: 'contamination', contamination: 0.02 } as const;
    const options = { algorithm, method, rng: createRng(3) };
    const calibration = calibratePipeline(pipeline, data, options);
    const fresh = predictPipeline(pipeline, madeData(300, 0, 4).table);
    for (const level of [0.05, 0.5]) {
      const rare = fresh.filter((score) => anomalyPValue(calibration, score) <= level);
      expect(Math.abs(rare.length / 300 - level)).toBeLessThan(0.12);
    }
    const far = predictPipeline(pipeline, madeData(20, 20, 5).table);
    // COPOD looks at the tail that the training rows' skewness points to.
    const least = algorithm.name === 'copod' ? 8 : 17;
    expect(far.filter((score) => score > calibration.threshold).length).toBeGreaterThan(least);
  },
);
