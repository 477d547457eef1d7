import { setImmediate } from 'node:timers/promises';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng, shuffle } from '../../shared/core/rng.ts';
import { defaultObjective, objectiveLoss } from '../../shared/learn/automl/objective.ts';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import {
  accumulatedEffects,
  type Effect,
  partialDependence,
} from '../../shared/learn/explain/partial-dependence.ts';
import { permutationImportance } from '../../shared/learn/explain/permutation-importance.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import { type Column, type Table, takeRows } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import { canTellClasses, oneClass } from './both-classes.ts';
import { columnOf, type Opened, toldOutputs } from './explain-call.ts';
import type { Interruption } from './interruption.ts';
import type { Progress } from './progress.ts';
import { readPieces, refusedTable } from './read-pieces.ts';

/** Rows that effects are averaged over, and points of a number's grid. */
const EFFECT_ROWS = 500;
const EFFECT_POINTS = 12;
const IMPORTANCE_ROWS = 2000;

export type EffectsOfInput = {
  /** Of the file, and what of it the model reads: the same but for parts of a time. */
  column: string;
  input: string;
  /** The class whose probability it is; absent for other tasks. */
  label?: string;
  /** Mean prediction with the input at each value. */
  partialDependence: Curve;
  /** Changes along the values, the mean 0; null for categories and single values. */
  accumulatedLocalEffects: Curve | null;
};

type Curve = Omit<Effect, 'input'>;

/** How predictions go with each input, over a sample of the rows, until interrupted. */
export async function effectsOf(
  { manifest, fitted: { predictor }, table }: Opened,
  { progress, interruption }: { progress: Progress; interruption: Interruption },
): Promise<EffectsOfInput[]> {
  const sample = sampleOf(table, manifest.seed);
  const effects: EffectsOfInput[] = [];
  for (const [i, input] of manifest.inputs.entries()) {
    const values = knownValues(sample.columns[i]);
    for (const output of values > 0 ? toldOutputs(manifest) : []) {
      if (interruption.happened()) return effects;
      const options = { input: input.name, output, points: EFFECT_POINTS };
      const hasOrder = input.type === 'number' && values > 1;
      effects.push({
        ...{ column: columnOf(input), input: input.name },
        ...(manifest.classes === null ? {} : { label: manifest.classes[output] }),
        partialDependence: curveOf(partialDependence(predictor, sample, options)),
        accumulatedLocalEffects: hasOrder
          ? curveOf(accumulatedEffects(predictor, sample, options))
          : null,
      });
      const share = (i + 1) / manifest.inputs.length;
      progress.show(share, `effects of ${i + 1} of ${manifest.inputs.length} inputs`);
      await setImmediate();
    }
  }
  return effects;
}

const curveOf = ({ values, effects, rows }: Effect): Curve => ({ values, effects, rows });

function sampleOf(table: Table, seed: number): Table {
  const order = shuffle(
    Uint32Array.from({ length: table.rows }, (_, row) => row),
    createRng(seed),
  );
  return takeRows(table, order.subarray(0, EFFECT_ROWS));
}

/** How many different values are known. */
const knownValues = (column: Column): number =>
  column.type === 'number'
    ? new Set(column.values.filter((value) => !Number.isNaN(value))).size
    : column.declared;

export type Importance = {
  metric: string;
  /** By column of the file; they sum to 1. */
  shares: Record<string, number>;
};

/** By how much the loss on the file's rows grows when a column is shuffled. */
export async function importanceOf(
  { manifest, fitted: { predictor } }: Opened,
  { dataPath, shownPath }: { dataPath: string; shownPath: string },
): Promise<Result<Importance, CliFailure>> {
  const { task, target, inputs, seed } = manifest;
  if (target === null || task === 'anomaly' || task === 'clustering')
    return failed('wrong_usage', `--importance is for models with a target: a ${task} has none.`);
  const text = await readPieces(dataPath);
  if (!text.ok) return text;
  const read = readTableAs(text.value.pieces, manifest, 'required');
  if (!read.ok) return refusedTable(shownPath, read.error);
  const { table } = read.value;
  if (table.rows === 0) return failed('rows', `No row of ${shownPath} has a ${target}.`);
  if (!canTellClasses(task, table.target)) return failed('rows', oneClass(shownPath));
  const metric = defaultObjective(task);
  const shares = await permutationImportance(
    table,
    (changed) => objectiveLoss(metric, changed.target, predictModel(predictor, changed)),
    { rng: createRng(seed), maxRows: IMPORTANCE_ROWS },
  );
  const byColumn = new Map<string, number>();
  for (const input of inputs)
    byColumn.set(columnOf(input), (byColumn.get(columnOf(input)) ?? 0) + shares[input.name]);
  return ok({ metric, shares: Object.fromEntries(byColumn) });
}
