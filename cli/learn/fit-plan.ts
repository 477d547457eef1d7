import { ok, type Result } from '../../shared/core/result.ts';
import {
  algorithmsOf,
  type ModelChoice,
  type PipelineModel,
  pipelineModel,
} from '../../shared/learn/ensemble/model-choice.ts';
import type { FitSettings } from '../../shared/learn/settings/fit-settings.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { type CliFailure, failed } from '../failure.ts';
import { misusedFairnessFlag } from './fairness-flags.ts';
import type { FitFlags } from './fit-call.ts';
import { algorithmNames, findKnownAlgorithm } from './known-algorithms.ts';
import { outlierRecipe } from './outlier-flag.ts';
import { readSettings } from './settings-flag.ts';
import type { WarmStart } from './warm-start.ts';

/** What is to be fitted, and on which rows. */
export type FitPlan = Pick<FitSettings, 'split' | 'columns'> & {
  /** Null: the best of many is searched for, or a model gone on from says it. */
  model: ModelChoice | null;
};

/** What the command line and the settings ask for together. */
export async function planFit(
  flags: FitFlags,
  { cwd, warm }: { cwd: string; warm: WarmStart | null },
): Promise<Result<FitPlan, CliFailure>> {
  const named = nameOf(flags, warm);
  const read =
    flags.settings === undefined
      ? ok({ model: null, split: null, columns: {} })
      : await readSettings(flags.settings, { cwd, task: flags.task, algorithm: named });
  if (!read.ok) return read;
  const model = read.value.model ?? (await namedModel(named, flags));
  if (model === undefined) return unknownAlgorithm(flags);
  const plan = { ...read.value, model };
  const misused =
    misusedFlag(flags, plan) ?? misusedTarget(flags, plan) ?? misusedWarmStart(plan, warm);
  if (misused !== null) return failed('wrong_usage', misused);
  return withOutliers(plan, flags);
}

/** Null: nobody names one. */
function nameOf({ algorithm }: FitFlags, warm: WarmStart | null): string | null {
  if (algorithm !== 'auto') return algorithm;
  return warm?.model.type === 'pipeline' ? warm.model.algorithm : null;
}

/** Without labels nothing says which algorithm is best: auto is the usual one. */
const USUAL: Readonly<Record<string, string>> = {
  anomaly: 'isolation-forest',
  clustering: 'k-means',
};

/** Null: a search finds it; undefined: there is no such algorithm. */
async function namedModel(
  given: string | null,
  { task, algorithm: asked }: FitFlags,
): Promise<ModelChoice | null | undefined> {
  const name = given ?? USUAL[task];
  if (name === undefined) return null;
  const algorithm = await findKnownAlgorithm(name, task);
  // A model of another task is refused by what it is, not by its algorithm.
  if (algorithm === undefined && asked === 'auto') return null;
  return algorithm && pipelineModel({ algorithm, parameters: {}, recipe: algorithm.recipe });
}

async function unknownAlgorithm({ algorithm, task }: FitFlags) {
  const names = await algorithmNames(task);
  return failed(
    'wrong_usage',
    `There is no algorithm "${algorithm}" for ${task}. There are auto, ${names.join(', ')}.`,
  );
}

/** What a flag needs that is not given, or has nothing to do. */
function misusedFlag(flags: FitFlags, { model, split }: FitPlan): string | null {
  const { task, calibrate, outliers, warmStart } = flags;
  if (calibrate !== undefined && !isClassification(task))
    return `--calibrate is for probabilities of classes: a ${task} has none.`;
  if (calibrate !== undefined && warmStart !== undefined)
    return '--calibrate needs a model that begins anew: leave out --warm-start.';
  if (outliers !== undefined && (model === null || warmStart !== undefined))
    return '--outliers needs --algorithm NAME without --warm-start: a search tries preparations itself.';
  if (split !== null && flags.test !== undefined)
    return 'The settings say which rows are held out, --test names others: leave one out.';
  if (split === 'stratified' && !isClassification(task))
    return `"split": "stratified" holds out of each class alike, and a ${task} has none.`;
  const unused = model === null ? undefined : SEARCHING.find(({ of }) => of(flags) !== undefined);
  if (unused !== undefined) {
    const [one] = algorithmsOf(model!);
    const what = model!.type === 'pipeline' ? one.name : 'an ensemble of settings';
    return `${unused.flag} is for a search, and ${what} is fitted as it is: leave it out, or --algorithm and --settings.`;
  }
  return misusedFairnessFlag(flags);
}

/** What settings say of the target as if it were an input. */
function misusedTarget({ target }: FitFlags, { split, columns }: FitPlan): string | null {
  if (target === undefined) return null;
  if (Object.hasOwn(columns, target))
    return `"columns" of the settings names ${target}, which is the target: --task says what it holds. Leave it out.`;
  if (split === `group:${target}`)
    return `The settings hold out groups by ${target}, which is the target: name a column that says whose rows are together.`;
  return null;
}

const SEARCHING: readonly { flag: string; of: (flags: FitFlags) => unknown }[] = [
  { flag: '--budget-seconds', of: (flags) => flags.budgetSeconds },
  { flag: '--budget-mb', of: (flags) => flags.budgetMb },
  { flag: '--trials', of: (flags) => flags.trials },
  { flag: '--objective', of: (flags) => flags.objective },
  { flag: '--threads', of: (flags) => flags.threads },
];

/** What goes on keeps its columns and their preparation. */
function misusedWarmStart({ model, columns }: FitPlan, warm: WarmStart | null): string | null {
  if (warm === null) return null;
  const stays = 'a model that is gone on from keeps its own: leave it out, or --warm-start.';
  if (model?.type === 'ensemble') return `The settings name an ensemble; ${stays}`;
  if (model !== null && model.choice.recipe !== model.choice.algorithm.recipe)
    return `The settings name a recipe; ${stays}`;
  if (Object.keys(columns).length > 0) return `The settings name columns; ${stays}`;
  if (model !== null && (model.rows !== null || model.seed !== null))
    return 'The settings name rows or a seed, which a fit that begins anew takes: leave them out (--seed draws), or --warm-start.';
  return null;
}

function withOutliers(plan: FitPlan, { outliers }: FitFlags): Result<FitPlan, CliFailure> {
  if (outliers === undefined || plan.model === null) return ok(plan);
  const { model } = plan;
  const steps = outlierRecipe(outliers);
  const said = 'The settings say what is done with outliers: leave out --outliers.';
  if (model.type === 'ensemble') return failed('wrong_usage', `${said} Each member has a recipe.`);
  const { algorithm, recipe = algorithm.recipe } = model.choice;
  if (Object.keys(steps).some((step) => step in recipe)) return failed('wrong_usage', said);
  const choice = { ...model.choice, recipe: { ...recipe, ...steps } };
  const changed: PipelineModel = { ...model, choice };
  return ok({ ...plan, model: changed });
}
