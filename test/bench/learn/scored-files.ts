import type { PipelineData } from '../../../shared/learn/pipeline-data.ts';
import type { Task } from '../../../shared/learn/task.ts';
import { inferTable } from '../../../shared/table/infer-table.ts';
import { readReference, splitRows } from '../../parity/reference-data.ts';
import { PEER_DATASETS } from './peer-datasets.ts';

/** What algorithms are listed with: areas and accuracy the higher the better, RMSE the lower. */
export type ScoredMetric =
  | 'rmse'
  | 'roc_auc'
  | 'pr_auc'
  | 'accuracy'
  | 'adjusted_rand'
  | 'silhouette';

type Rows = { training: Uint32Array; test: Uint32Array };
export type ScoredFile = {
  name: string;
  metric: ScoredMetric;
  load(): PipelineData;
  split(data: PipelineData): Rows;
};

const peer = (name: string) => PEER_DATASETS.find((dataset) => dataset.name === name)!.load;
const fixed = (name: string) => (data: PipelineData) => splitRows(name, data.table.rows);

/** Every fifth row is kept back: files without a fixed split are sorted by class, or not at all. */
function everyFifth({ table }: PipelineData): Rows {
  const all = Uint32Array.from({ length: table.rows }, (_, row) => row);
  return {
    training: all.filter((row) => row % 5 !== 4),
    test: all.filter((row) => row % 5 === 4),
  };
}

/** Two per task; what is strange or together is known, but only to who measures. */
export const SCORED_FILES: Record<Task, readonly ScoredFile[]> = {
  regression: [
    {
      ...{ name: 'california', metric: 'rmse', load: peer('california') },
      split: fixed('california-housing'),
    },
    {
      ...{ name: 'food-delivery', metric: 'rmse', load: foodDelivery },
      split: fixed('food-delivery'),
    },
  ],
  binary: [
    { name: 'churn', metric: 'roc_auc', load: peer('churn'), split: fixed('telco-churn') },
    { name: 'fraud', metric: 'pr_auc', load: peer('fraud'), split: fixed('fraud') },
  ],
  multiclass: [
    { name: 'gtzan', metric: 'accuracy', load: genres, split: everyFifth },
    { name: 'compas', metric: 'accuracy', load: riskBands, split: everyFifth },
  ],
  anomaly: [
    { name: 'fraud', metric: 'roc_auc', load: peer('fraud'), split: fixed('fraud') },
    { name: 'gtzan-classical', metric: 'roc_auc', load: fewClassical, split: everyFifth },
  ],
  clustering: [
    { name: 'gtzan', metric: 'adjusted_rand', load: genres, split: everyFifth },
    {
      ...{ name: 'california', metric: 'silhouette', load: peer('california') },
      split: fixed('california-housing'),
    },
  ],
};

function foodDelivery(): PipelineData {
  const text = readReference('data/food-delivery/Food_Delivery_Times.csv');
  return tableOf(text, {
    ...{ task: 'regression', target: 'Delivery_Time_min', without: ['Order_ID'] },
  });
}

const GTZAN = 'data/gtzan/features_30_sec.csv';
const NO_FEATURE = ['filename', 'length'];

/** Ten genres of music by audio features of a clip. */
function genres(): PipelineData {
  return tableOf(readReference(GTZAN), {
    ...{ task: 'multiclass', target: 'label', without: NO_FEATURE },
  });
}

/** Half of the classical clips, one in 19, among those of the nine other genres. */
function fewClassical(): PipelineData {
  const [header, ...lines] = readReference(GTZAN).trim().split('\n');
  const isClassical = (line: string) => line.trim().endsWith(',classical');
  const labelled = (line: string, label: 0 | 1) => line.trim().replace(/[^,]*$/, String(label));
  const strange = lines.filter(isClassical).filter((_, i) => i % 2 === 0);
  const usual = lines.filter((line) => !isClassical(line));
  const every = usual.length / strange.length;
  const mixed = usual.flatMap((line, i) => [
    labelled(line, 0),
    ...(i % every === 0 ? [labelled(strange[i / every], 1)] : []),
  ]);
  return tableOf([header, ...mixed].join('\n'), {
    ...{ task: 'binary', target: 'label', without: NO_FEATURE },
  });
}

/** The three bands of a score by what is known of a person; its own number left out. */
function riskBands(): PipelineData {
  return tableOf(readReference('data/compas/compas.csv'), {
    ...{ task: 'multiclass', target: 'score_text' },
    without: ['id', 'decile_score', 'is_recid', 'two_year_recid'],
  });
}

function tableOf(
  text: string,
  given: { task: 'regression' | 'binary' | 'multiclass'; target: string; without: string[] },
): PipelineData {
  const { task, target, without } = given;
  const columns = Object.fromEntries(without.map((name) => [name, 'left_out' as const]));
  const read = inferTable(text, { target, task, columns });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { inputs, table, classes } = read.value;
  return { task, inputs, table, classes: classes ?? [], weights: null };
}
