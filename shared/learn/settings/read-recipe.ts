import type { Recipe } from '../../prepare/preparation.ts';
import type { Algorithm } from '../algorithm.ts';
import { isClassification, type Task } from '../task.ts';
import { above, type NumberRange, numberIn, whole } from './number-range.ts';
import { asObject, join, oneOf, type Problems, refuseUnknown } from './problems.ts';

const RULES = ['iqr', 'mad'] as const;
const ROW_RULES = [...RULES, 'isolation-forest', 'local-outlier-factor'] as const;

const CHOICES = {
  encode: ['one-hot', 'ordinal', 'frequency', 'target', 'hashing'],
  indicators: [true, false],
  impute: ['mean', 'median', 'most-frequent', 'constant', 'nearest', 'chained'],
  flagOutliers: ROW_RULES,
  winsorise: RULES,
  transform: ['power', 'quantile'],
  scale: ['standard', 'min-max', 'max-abs', 'robust'],
  products: ['polynomial', 'interaction'],
  dropOutliers: ROW_RULES,
  resample: ['smote', 'borderline-smote', 'under'],
} as const satisfies { [Step in keyof Recipe]?: readonly Recipe[Step][] };

const RANGES = { oneHotUpTo: whole(0, 100_000), pca: above(0, 1) } satisfies Record<
  string,
  NumberRange
>;

/** What looks at other rows: no graph can say it of one. */
const EARLIER = ['lag', 'lags', 'rolling', 'difference'];

const FIELDS = [...Object.keys(CHOICES), ...Object.keys(RANGES), 'select'];

type Asked = { algorithm: Algorithm; task: Task; path: string; problems: Problems };

/**
 * The algorithm's recipe with the steps that settings name changed; null leaves one out. What cannot go
 * together, or with the task, is told.
 */
export function readRecipe(given: unknown, { algorithm, task, path, problems }: Asked): Recipe {
  if (given === undefined) return algorithm.recipe;
  const object = asObject(given, path, problems);
  if (object === null) return algorithm.recipe;
  const named = Object.fromEntries(
    Object.entries(object).filter(([name]) => !EARLIER.includes(name)),
  );
  refuseUnknown(named, FIELDS, { path, what: 'a recipe', problems });
  for (const name of EARLIER)
    if (name in object)
      problems.add(
        join(path, name),
        'a model is given one row, not those before it: put such columns into the file',
      );
  const recipe: Record<string, unknown> = { ...algorithm.recipe };
  for (const [name, value] of Object.entries(object)) {
    if (!FIELDS.includes(name)) continue;
    const read = value === null ? undefined : readStep(name, value, { path, problems });
    if (read === undefined) delete recipe[name];
    else recipe[name] = read;
  }
  refuseTogether(recipe as Recipe, { algorithm, task, path, problems });
  return recipe as Recipe;
}

function readStep(
  name: string,
  value: unknown,
  told: { path: string; problems: Problems },
): unknown {
  const at = { path: join(told.path, name), problems: told.problems };
  const choices: Readonly<Record<string, readonly (string | boolean)[]>> = CHOICES;
  if (name in choices) return oneOf(value, choices[name], at);
  if (name in RANGES) return numberIn(value, RANGES[name as keyof typeof RANGES], at);
  return readSelection(value, at);
}

const KEEPING = ['f', 'chi2', 'mutual-information', 'rfe', 'permutation', 'shap'] as const;
const SELECTIONS = ['variance', 'boruta', ...KEEPING] as const;

function readSelection(
  given: unknown,
  at: { path: string; problems: Problems },
): Recipe['select'] | undefined {
  const object = asObject(given, at.path, at.problems);
  if (object === null) return undefined;
  const by = oneOf(object.by, SELECTIONS, { ...at, path: join(at.path, 'by') });
  if (by === undefined) return undefined;
  const isKeeping = by !== 'variance' && by !== 'boruta';
  const fields = isKeeping ? ['by', 'keep'] : ['by'];
  refuseUnknown(object, fields, { ...at, what: `a selection by ${by}` });
  if (!isKeeping) return { by };
  const keep = numberIn(object.keep, above(0), { ...at, path: join(at.path, 'keep') });
  if (keep === undefined) return undefined;
  if (keep < 1 || Number.isInteger(keep)) return { by, keep };
  at.problems.add(
    join(at.path, 'keep'),
    `expected a share below 1 or a whole number, found ${keep}`,
  );
  return undefined;
}

/** Steps that need another, or a target of some kind. */
function refuseTogether(recipe: Recipe, { algorithm, task, path, problems }: Asked): void {
  const { impute, select, scale, resample } = recipe;
  const refuse = (step: keyof Recipe, why: string) => problems.add(join(path, step), why);
  const isPredicted = task === 'regression' || isClassification(task);
  if (impute === undefined && algorithm.recipe.impute !== undefined)
    refuse(
      'impute',
      `${algorithm.name} does not learn from missing values: choose how they are filled`,
    );
  for (const step of ['products', 'pca'] as const)
    if (recipe[step] !== undefined && impute === undefined)
      refuse(step, 'it needs values without gaps: add impute');
  if (resample !== undefined && resample !== 'under' && impute === undefined)
    refuse('resample', 'points between rows need values without gaps: add impute');
  if (resample !== undefined && !isClassification(task))
    refuse('resample', `it makes classes equal, and a ${task} has none`);
  if (recipe.encode === 'target' && !isPredicted)
    refuse('encode', `"target" needs something to predict, and a ${task} has nothing`);
  if (select === undefined || select.by === 'variance') return;
  if (!isPredicted)
    refuse('select', `${select.by} needs something to predict, and a ${task} has nothing`);
  if (select.by === 'chi2' && !isClassification(task)) refuse('select', 'chi2 is of classes');
  if (select.by === 'chi2' && scale !== 'min-max')
    refuse('select', 'chi2 is of columns that are not negative: let scale be "min-max"');
}

/** What settings say to get the recipe: its steps, and null for those of the algorithm's that it lacks. */
export function recipeSettings(recipe: Recipe, algorithm: Algorithm): Record<string, unknown> {
  const without = Object.keys(algorithm.recipe).filter((step) => !(step in recipe));
  return { ...recipe, ...Object.fromEntries(without.map((step) => [step, null])) };
}
