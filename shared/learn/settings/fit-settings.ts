import type { ColumnOverride } from '../../table/infer-column.ts';
import type { Algorithm } from '../algorithm.ts';
import type { EnsembleChoice, ModelChoice } from '../ensemble/model-choice.ts';
import type { Choice, Parameters } from '../search/space.ts';
import { asObject, join, oneOf, type Problems, refuseUnknown, shown } from './problems.ts';
import { type ModelContext, readModel } from './read-model.ts';
import { recipeSettings } from './read-recipe.ts';

/** Which rows are held out to measure on. */
export type SplitWords = 'random' | 'stratified' | `group:${string}` | `time:${string}`;

/** Everything that settings of `fit` say. */
export type FitSettings = {
  /** Null: they leave it to the command line. */
  model: ModelChoice | null;
  split: SplitWords | null;
  columns: Readonly<Record<string, ColumnOverride>>;
};

const MODEL = ['algorithm', 'parameters', 'recipe', 'rows', 'seed', 'ensemble'] as const;

/**
 * Reads the settings of a fit as JSON has them, or what holds them: the manifest of a fitted model, the
 * answer of a search. Everything wrong is told, with the path to it.
 * @param given `algorithm` may be left out where the command line names one
 */
export function readFitSettings(
  given: unknown,
  { algorithm, ...context }: ModelContext & { algorithm: string | null },
): FitSettings {
  const { problems } = context;
  const none: FitSettings = { model: null, split: null, columns: {} };
  const object = asObject(settingsIn(given), '', problems);
  if (object === null) return none;
  refuseUnknown(object, [...MODEL, 'split', 'columns'], { path: '', what: 'fit', problems });
  const split = readSplit(object.split, problems);
  const columns = readColumns(object.columns, problems);
  const isNamed = algorithm !== null || MODEL.some((name) => object[name] !== undefined);
  if (!isNamed) return { model: null, split, columns };
  if (algorithm !== null && ![undefined, algorithm].includes(object.algorithm as string))
    problems.add(
      'algorithm',
      `the command line names ${algorithm}, found ${shown(object.algorithm)}`,
    );
  if (algorithm !== null && object.ensemble !== undefined)
    problems.add('ensemble', `the command line names one algorithm, ${algorithm}: leave one out`);
  const named = algorithm === null ? object : { ...object, algorithm };
  return { model: readModel(named, '', context), split, columns };
}

/** A manifest, or what a search answers, holds settings among others. */
function settingsIn(given: unknown): unknown {
  const isHolder = typeof given === 'object' && given !== null && 'settings' in given;
  return isHolder ? given.settings : given;
}

function readSplit(given: unknown, problems: Problems): SplitWords | null {
  if (given === undefined) return null;
  const isRule = typeof given === 'string' && /^(random|stratified|(group|time):.+)$/s.test(given);
  if (isRule) return given as SplitWords;
  problems.add(
    'split',
    `expected "random", "stratified", "group:COLUMN" or "time:COLUMN", found ${shown(given)}`,
  );
  return null;
}

const OVERRIDES: readonly ColumnOverride[] = ['number', 'category', 'time', 'left_out'];

function readColumns(given: unknown, problems: Problems): FitSettings['columns'] {
  if (given === undefined) return {};
  const object = asObject(given, 'columns', problems) ?? {};
  for (const [name, type] of Object.entries(object))
    oneOf(type, OVERRIDES as readonly string[], { path: join('columns', name), problems });
  return object as FitSettings['columns'];
}

/** Settings that fit the same model again, everything said that has a default. */
export function modelSettings(choice: ModelChoice): Record<string, unknown> {
  const seed = choice.seed === null ? {} : { seed: choice.seed };
  if (choice.type === 'ensemble') {
    const { combine, members } = choice;
    const ensemble = { ...combineSettings(combine), members: members.map(modelSettings) };
    return { ensemble, ...seed };
  }
  const { algorithm, parameters, recipe = algorithm.recipe } = choice.choice;
  const all: Record<string, unknown> = parameterSettings(algorithm, parameters);
  if (choice.classWeights !== null) all.classWeight = choice.classWeights;
  return {
    ...{ algorithm: algorithm.name, parameters: all },
    ...{ recipe: recipeSettings(recipe, algorithm), ...seed },
    ...(choice.rows === null ? {} : { rows: choice.rows }),
  };
}

/** Constraints as an object, and the others as they are. */
function parameterSettings(
  { defaults }: Algorithm,
  given: Parameters = {},
): Record<string, Choice | object> {
  const all: Record<string, Choice | object> = { ...defaults, ...given };
  const { monotoneConstraints: text } = all;
  if (typeof text === 'string' && text !== '') all.monotoneConstraints = JSON.parse(text) as object;
  return all;
}

function combineSettings(combine: EnsembleChoice): Record<string, unknown> {
  if (combine.type !== 'stacking') return combine;
  const { algorithm, parameters } = combine.final;
  const final = { algorithm: algorithm.name, parameters: parameterSettings(algorithm, parameters) };
  return { ...combine, final };
}
