import type { Algorithm } from '../algorithm.ts';
import type { EnsembleChoice, EnsembleModel, ModelChoice } from '../ensemble/model-choice.ts';
import { isClassification, type Task } from '../task.ts';
import { nearestNames } from './nearest-names.ts';
import { above, between, isInRange, numberIn, whole } from './number-range.ts';
import { asObject, join, oneOf, type Problems, refuseUnknown, shown } from './problems.ts';
import { readParameters } from './read-parameters.ts';
import { readRecipe } from './read-recipe.ts';

export type ModelContext = { task: Task; algorithms: readonly Algorithm[]; problems: Problems };

const PIPELINE = ['algorithm', 'parameters', 'recipe', 'rows', 'seed'] as const;
const ROWS = whole(10);
const SEEDS = whole(0, 2 ** 32 - 1);

/** Reads what is to be fitted: `algorithm` with its parameters and recipe, or `ensemble`. */
export function readModel(
  given: Readonly<Record<string, unknown>>,
  path: string,
  context: ModelContext,
): ModelChoice | null {
  const { problems } = context;
  const at = { path: join(path, 'seed'), problems };
  const seed = given.seed === undefined ? null : (numberIn(given.seed, SEEDS, at) ?? null);
  if (given.ensemble === undefined) return readPipeline(given, seed, { ...context, path });
  for (const name of PIPELINE)
    if (name !== 'seed' && given[name] !== undefined)
      problems.add(join(path, name), 'an ensemble has its own in each of its members');
  return readEnsemble(given.ensemble, { ...context, path: join(path, 'ensemble'), seed });
}

type Place = ModelContext & { path: string };

function readPipeline(
  given: Readonly<Record<string, unknown>>,
  seed: number | null,
  place: Place,
): ModelChoice | null {
  const { path, problems, task } = place;
  const algorithm = readAlgorithm(given.algorithm, { ...place, path: join(path, 'algorithm') });
  if (algorithm === null) return null;
  const at = { path: join(path, 'parameters'), problems, task };
  const { parameters, classWeights } = readParameters(given.parameters, algorithm, at);
  const asked = { algorithm, task, path: join(path, 'recipe'), problems };
  const recipe = readRecipe(given.recipe, asked);
  const few = { path: join(path, 'rows'), problems };
  const rows = given.rows === undefined ? null : (numberIn(given.rows, ROWS, few) ?? null);
  return { type: 'pipeline', choice: { algorithm, parameters, recipe }, classWeights, rows, seed };
}

function readAlgorithm(
  given: unknown,
  { path, problems, algorithms, task }: Place,
): Algorithm | null {
  const known = algorithms.filter(({ tasks }) => tasks.includes(task));
  const found = known.find(({ name }) => name === given);
  if (found !== undefined) return found;
  const names = known.map(({ name }) => name);
  if (given === undefined) {
    problems.add(path, 'a name is needed, here or on the command line, or an "ensemble"');
    return null;
  }
  const near = nearestNames(typeof given === 'string' ? given : '', names).join(', ');
  problems.add(path, `there is no algorithm ${shown(given)} for ${task}; the nearest are ${near}`);
  return null;
}

const TYPES = [
  ...(['voting', 'bagging', 'stacking', 'blending', 'model-averaging'] as const),
  'dynamic-selection',
] as const;

const FIELDS: Readonly<Record<EnsembleChoice['type'], readonly string[]>> = {
  voting: ['voting', 'weights'],
  bagging: ['nEstimators', 'maxSamples'],
  stacking: ['final', 'folds'],
  blending: ['holdOut'],
  'model-averaging': ['folds'],
  'dynamic-selection': ['folds'],
};

function readEnsemble(
  given: unknown,
  place: Place & { seed: number | null },
): EnsembleModel | null {
  const { path, problems, seed, task } = place;
  const object = asObject(given, path, problems);
  if (object === null) return null;
  if (task !== 'regression' && !isClassification(task)) {
    problems.add(path, `an ensemble joins predictions, and a ${task} makes none`);
    return null;
  }
  const type = oneOf(object.type, TYPES, { path: join(path, 'type'), problems });
  if (type === undefined) return null;
  const names = ['type', 'members', ...FIELDS[type]];
  refuseUnknown(object, names, { path, what: `an ensemble by ${type}`, problems });
  const levels = path.split('.ensemble').length;
  if (levels > MOST_LEVELS) {
    problems.add(path, `expected ${MOST_LEVELS} levels of ensembles at most`);
    return null;
  }
  const members = readMembers(object.members, place);
  if (type === 'bagging' && members.length > 1)
    problems.add(join(path, 'members'), `bagging has one, found ${members.length}`);
  const combine = readCombination(type, object, { ...place, members: members.length });
  return combine === null ? null : { type: 'ensemble', combine, members, seed };
}

const MOST_MEMBERS = 50;
/** Each level fits its members once more for every fold. */
const MOST_LEVELS = 3;

function readMembers(given: unknown, place: Place): ModelChoice[] {
  const path = join(place.path, 'members');
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST_MEMBERS) {
    place.problems.add(
      path,
      `expected a list of 1 to ${MOST_MEMBERS} members, found ${shown(given)}`,
    );
    return [];
  }
  return given.flatMap((member: unknown, i) => {
    const at = `${path}[${i}]`;
    const object = asObject(member, at, place.problems);
    if (object === null) return [];
    const what = { path: at, what: 'a member', problems: place.problems };
    refuseUnknown(object, [...PIPELINE, 'ensemble'], what);
    const read = readModel(object, at, place);
    return read === null ? [] : [read];
  });
}

const FOLDS = 5;
const HELD_OUT = 0.2;
const BAGS = 10;

type Combining = Place & { members: number };

function readCombination(
  type: EnsembleChoice['type'],
  given: Readonly<Record<string, unknown>>,
  place: Combining,
): EnsembleChoice | null {
  const number = (name: string, range: Parameters<typeof numberIn>[1], usual: number) =>
    given[name] === undefined
      ? usual
      : (numberIn(given[name], range, { ...place, path: join(place.path, name) }) ?? usual);
  const folds = () => number('folds', whole(2, 20), FOLDS);
  switch (type) {
    case 'voting':
      return readVoting(given, place);
    case 'bagging': {
      const nEstimators = number('nEstimators', whole(1, 1000), BAGS);
      return { type, nEstimators, maxSamples: number('maxSamples', above(0, 1), 1) };
    }
    case 'stacking': {
      const final = readFinal(given.final, place);
      return final && { type, final, folds: folds() };
    }
    case 'blending':
      return { type, holdOut: number('holdOut', between(0, 1), HELD_OUT) };
    case 'model-averaging':
    case 'dynamic-selection':
      return { type, folds: folds() };
  }
}

function readVoting(
  given: Readonly<Record<string, unknown>>,
  { path, problems, task, members }: Combining,
): EnsembleChoice {
  const voting =
    given.voting === undefined
      ? 'soft'
      : (oneOf(given.voting, ['soft', 'hard'] as const, { path: join(path, 'voting'), problems }) ??
        'soft');
  if (voting === 'hard' && !isClassification(task))
    problems.add(join(path, 'voting'), `"hard" counts classes, and a ${task} has none`);
  const weights = given.weights;
  if (weights === undefined || weights === null) return { type: 'voting', voting, weights: null };
  const isList =
    Array.isArray(weights) &&
    weights.length === members &&
    weights.every((weight) => isInRange(weight, { low: 0, high: Number.MAX_VALUE })) &&
    weights.some((weight) => weight > 0);
  if (!isList) {
    const expected = `expected ${members} numbers from 0, not all 0, found ${shown(weights)}`;
    problems.add(join(path, 'weights'), expected);
  }
  return { type: 'voting', voting, weights: isList ? (weights as number[]) : null };
}

/** What learns from the members' predictions: scikit-learn's usual choice, unless said otherwise. */
function readFinal(given: unknown, place: Place) {
  const path = join(place.path, 'final');
  const usual = place.task === 'regression' ? 'ridge' : 'logistic-regression';
  const object = given === undefined ? { algorithm: usual } : asObject(given, path, place.problems);
  if (object === null) return null;
  const what = { path, what: 'a final estimator', problems: place.problems };
  refuseUnknown(object, ['algorithm', 'parameters'], what);
  const algorithm = readAlgorithm(object.algorithm, { ...place, path: join(path, 'algorithm') });
  if (algorithm === null) return null;
  const at = { path: join(path, 'parameters'), problems: place.problems, task: place.task };
  const { parameters, classWeights } = readParameters(object.parameters, algorithm, at);
  if (classWeights !== null)
    place.problems.add(join(at.path, 'classWeight'), 'weights by label are for the members');
  return { algorithm, parameters };
}
