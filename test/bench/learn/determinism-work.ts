import { encodeArrays } from '../../../shared/core/array-bytes.ts';
import { toBase64url } from '../../../shared/core/base64url.ts';
import { createRng, normal } from '../../../shared/core/rng.ts';
import { findAlgorithm } from '../../../shared/learn/catalogue.ts';
import { prAuc } from '../../../shared/learn/metrics/ranking.ts';
import {
  type FittedPipeline,
  fitPipeline,
  predictPipeline,
} from '../../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../../shared/learn/pipeline-data.ts';
import type { Parameters } from '../../../shared/learn/search/space.ts';
import { createStudy } from '../../../shared/learn/search/study.ts';
import { exportPipeline } from '../../../shared/onnx/export-pipeline.ts';
import type { ColumnSpec } from '../../../shared/table/table.ts';
import { createTableBuilder } from '../../../shared/table/table-builder.ts';

const ROWS = 1200;
const TRIALS = 15;
const SEED = 42;

const INPUTS: readonly ColumnSpec[] = [
  { name: 'age', type: 'number', missing: 'impute' },
  { name: 'income', type: 'number', missing: 'impute' },
  { name: 'visits', type: 'number', missing: 'impute' },
  {
    name: 'town',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'A' }, { value: 'B' }, { value: 'C' }],
  },
];

/** Numbers with gaps and a category; the same rows for a given seed. */
function madeRows(): PipelineData {
  const rng = createRng(SEED);
  const builder = createTableBuilder(INPUTS);
  for (let row = 0; row < ROWS; row++) {
    const [age, income, visits] = [40 + 12 * normal(rng), 10 ** (1 + rng()), Math.floor(9 * rng())];
    const town = 'ABC?'[Math.floor(4 * rng())];
    builder.begin();
    builder.setNumber(0, age);
    if (rng() > 0.1) builder.setNumber(1, income);
    builder.setNumber(2, visits);
    builder.setCategory(3, town);
    const raw = (age - 40) / 8 - income / 40 + (town === 'B' ? visits / 2 : 1) + normal(rng);
    builder.commit(raw > 1.5 ? 1 : 0, 0);
  }
  const table = builder.build();
  return { task: 'binary', inputs: INPUTS, table, classes: ['no', 'yes'], weights: null };
}

/** What is fitted, each with parts that are drawn. */
const FITS: [string, Parameters][] = [
  ['hist-gradient-boosting', { subsample: 0.7, colsampleByNode: 0.6, earlyStopping: true }],
  ['dart', { maxIter: 40 }],
  ['goss', { maxIter: 40 }],
  ['explainable-boosting', { outerBags: 2, maxRounds: 100 }],
  ['random-forest', { nEstimators: 20 }],
  ['logistic-regression', {}],
];

function pipelineOf(data: PipelineData, name: string, parameters: Parameters): FittedPipeline {
  const algorithm = findAlgorithm(name, 'binary');
  if (!algorithm) throw new Error(`no algorithm ${name}`);
  return fitPipeline(data, { algorithm, parameters }, { rng: createRng(SEED) });
}

/** Base64url, by name, of everything that is made: pipelines, ONNX files and a search. */
export function fitEverything(): Record<string, string> {
  const data = madeRows();
  const made: Record<string, string> = {};
  const keep = (name: string, pipeline: FittedPipeline) => {
    made[name] = toBase64url(encodeArrays('bench', pipeline));
    const file = exportPipeline(pipeline);
    if (!file.ok) throw new Error(`${name}: ${JSON.stringify(file.error)}`);
    made[`${name}.onnx`] = toBase64url(file.value);
  };
  for (const [name, parameters] of FITS) keep(name, pipelineOf(data, name, parameters));
  const { trials, best } = search(data);
  made['search'] = toBase64url(encodeArrays('bench', trials));
  keep('search-best', best);
  return made;
}

/** TPE over boosting's own space, by PR-AUC on every third row. */
function search(data: PipelineData): { trials: unknown; best: FittedPipeline } {
  const { space } = findAlgorithm('hist-gradient-boosting', 'binary')!;
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const seen = takeData(
    data,
    rows.filter((row) => row % 3 > 0),
  );
  const held = takeData(
    data,
    rows.filter((row) => row % 3 === 0),
  );
  const sampler = { type: 'tpe', multivariate: true } as const;
  const study = createStudy({ space, directions: ['maximize'], sampler, seed: SEED });
  let best = { area: -1, parameters: {} as Parameters };
  for (let i = 0; i < TRIALS; i++) {
    const { number, parameters } = study.ask();
    const quick = { ...parameters, maxIter: 20 };
    const predictions = predictPipeline(
      pipelineOf(seen, 'hist-gradient-boosting', quick),
      held.table,
    );
    const area = prAuc({
      positive: held.table.target,
      scores: held.table.target.map((_, row) => predictions[2 * row + 1]),
    });
    study.tell(number, { values: [area] });
    if (area > best.area) best = { area, parameters: quick };
  }
  return { trials: study.state, best: pipelineOf(data, 'hist-gradient-boosting', best.parameters) };
}
