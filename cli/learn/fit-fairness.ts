import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { type Predictor, predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { checkGroups, MOST_GROUPS } from '../../shared/learn/fairness/check-groups.ts';
import { type Mitigated, mitigateModel } from '../../shared/learn/fairness/mitigate.ts';
import type { Mitigation, MitigationError } from '../../shared/learn/fairness/mitigation.ts';
import { saidYes } from '../../shared/learn/fairness/steady-learner.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { standingsOf } from '../../shared/stats/fairness/decision-standing.ts';
import type { DrawnDecisions } from '../../shared/stats/fairness/group-cells.ts';
import { describeSplitError } from '../../shared/table/split/split.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { mitigationOf } from './fairness-flags.ts';
import type { FitFlags, Fitted } from './fit-call.ts';
import type { FitData } from './fit-data.ts';
import { type FairnessJson, fairnessJson } from './fit-fairness-report.ts';
import { startProgress } from './progress.ts';
import type { SensitiveRows } from './sensitive-column.ts';

type Asked = { flags: FitFlags; sensitive: SensitiveRows };

/** Says before a long fit that the groups are none to be fair to. */
export function checkSensitive(
  { table, classes }: PipelineData,
  { flags, sensitive }: Asked,
): Result<null, CliFailure> {
  const mitigation = mitigationOf(flags);
  const rows = { truth: table.target, groups: sensitive.training };
  const checked = checkGroups(rows, { mitigation, minGroupSize: flags.minGroupSize });
  return checked.ok ? checked : notFair(checked.error, sensitive.name, classes);
}

type Fair = { fitted: Fitted; fairness: FairnessJson };

/** The model made fair, if that is asked for, and how decisions stand on the test rows before and after. */
export async function fitFair(
  fitted: Fitted,
  { training, test }: FitData,
  { flags, sensitive, context }: Asked & { context: CliContext },
): Promise<Result<Fair, CliFailure>> {
  const asked = mitigationOf(flags);
  const mitigated =
    asked && (await mitigate(asked, { fitted, training, flags, sensitive, context }));
  if (mitigated?.ok === false) return mitigated;
  const after = mitigated?.value ?? null;
  const before = decisionsOf(fitted.predictor, { test, sensitive, isDrawn: false });
  const ways = [before];
  if (after) ways.push(decisionsOf(after.predictor, { test, sensitive, isDrawn: after.isDrawn }));
  if (after?.isDrawn) ways.push(decisionsOf(after.predictor, { test, sensitive, isDrawn: false }));
  const { minGroupSize, seed } = flags;
  const standings = standingsOf(ways, { minGroupSize, rng: createRng(seed) });
  const fairness = fairnessJson({
    ...{ sensitive, minGroupSize, mitigation: asked, mitigated: after, ways, standings },
    truth: training.table.target,
    positive: training.classes[1],
  });
  if (after === null) return ok({ fitted, fairness });
  const { predictor, weights } = after;
  return ok({ fitted: { ...fitted, predictor, weights }, fairness });
}

type Call = Asked & { fitted: Fitted; training: PipelineData; context: CliContext };

/** About as many models as a mixture takes. */
const USUAL_FITS = 60;

async function mitigate(
  asked: Mitigation,
  { fitted, training, flags, sensitive, context }: Call,
): Promise<Result<Mitigated, CliFailure>> {
  const progress = startProgress(context);
  const onFit = (fits: number) => progress.show(fits / (fits + USUAL_FITS), `${fits} models`);
  const { predictor, model, weights } = fitted;
  const unfair = {
    ...{ predictor, model, shares: weights, data: training, groups: sensitive.training },
    mayReplace: flags.algorithm === 'auto' && flags.settings === undefined,
    columns: sensitive.isInput ? sensitive.columns : [],
  };
  const mitigation = asked.method === 'exponentiated-gradient' ? { ...asked, onFit } : asked;
  try {
    const found = mitigateModel(unfair, mitigation, flags.seed);
    return found.ok ? found : notFair(found.error, sensitive.name, training.classes);
  } catch (error) {
    const why = `The model could not be made fair: ${messageOf(error)}.`;
    return failed('no_model', `${why} Choose another --algorithm.`);
  } finally {
    progress.end();
  }
}

/** What a model decides on the test rows: by lot as it answers, or yes where that is likelier. */
function decisionsOf(
  predictor: Predictor,
  { test, sensitive, isDrawn }: { test: PipelineData; sensitive: SensitiveRows; isDrawn: boolean },
): DrawnDecisions {
  const answers = predictModel(predictor, test.table);
  const scores = answers.filter((_, i) => i % 2 === 1);
  const yes = isDrawn ? scores : saidYes(answers);
  return { truth: test.table.target, groups: sensitive.test, scores, yes };
}

function notFair(
  error: MitigationError,
  name: string,
  classes: readonly string[],
): Result<never, CliFailure> {
  switch (error.reason) {
    case 'one_group':
      return failed(
        'rows',
        `Column "${name}" has one group, "${error.group}": none to compare it with.`,
      );
    case 'too_many_groups':
      return failed(
        'rows',
        `Column "${name}" has ${error.groups} groups; ${MOST_GROUPS} at most can be compared. Put its values into ranges or kinds first.`,
      );
    case 'small_group':
      return failed(
        'rows',
        `Group "${error.group}" of column "${name}" has ${error.rows} rows to learn from; ${error.needed} are needed. Join it with another, leave its rows out, or lower --min-group-size.`,
      );
    case 'no_such_rows':
      return failed(
        'rows',
        `No row of group "${error.group}" of column "${name}" to learn from is "${classes[error.truth]}": the rate that is to be alike is unknown there. Choose another --constraint, or join the group with another.`,
      );
    case 'resampled':
      return failed(
        'wrong_usage',
        `Rows that ${error.algorithm} learns from are made anew and have no weights: leave resample out of --settings.`,
      );
    case 'class_weights':
      return failed(
        'wrong_usage',
        `A mixture weighs the classes of ${error.algorithm} itself: leave class weights out of --settings.`,
      );
    case 'group_is_no_input':
      return failed('wrong_usage', '--mitigation threshold needs --sensitive-input.');
    case 'no_folds':
      return failed(
        'rows',
        `Thresholds are found on rows held out: ${describeSplitError(error.split)}`,
      );
  }
}
