import type { AnomalyCalibration } from '../../shared/learn/anomaly/anomaly-threshold.ts';
import { rowsLearnt } from '../../shared/learn/ensemble/fit-model.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { modelSettings } from '../../shared/learn/settings/fit-settings.ts';
import type { Report } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { FitFlags, Fitted } from './fit-call.ts';
import type { FitData } from './fit-data.ts';
import { describeFairness, type FairnessJson } from './fit-fairness-report.ts';
import type { FitManifest } from './fit-folder.ts';
import { describeInterval } from './fit-interval.ts';
import type { FitPlan } from './fit-plan.ts';
import type { Measured } from './measure.ts';
import { leftOutOf } from './rows-left-out.ts';
import type { WarmStart } from './warm-start.ts';

/** A fit that is done. */
export type Done = {
  context: CliContext;
  flags: FitFlags;
  plan: FitPlan;
  data: FitData;
  fitted: Fitted;
  /** Null where no groups are compared. */
  fairness: FairnessJson | null;
  seconds: number;
  warm: WarmStart | null;
};

/** How the model came about. */
export function manifestOf(
  { flags, data, fitted, fairness, seconds, warm, plan }: Done,
  { metrics }: Measured,
): Omit<FitManifest, 'files'> {
  const { training, inferred, sha256 } = data;
  return {
    ...{ schemaVersion: 1, kind: 'fit', task: flags.task },
    inputs: inferred.inputs.map((input) => ({ ...input })) as FitManifest['inputs'],
    target: flags.target ?? null,
    classes: training.classes.length > 0 ? [...training.classes] : null,
    algorithm: algorithmOf(fitted.predictor),
    members: membersOf(fitted),
    settings: settingsOf({ fitted, warm, plan }),
    seed: flags.seed,
    isDeterministic: fitted.isDeterministic,
    createdAt: new Date().toISOString(),
    ...{ seconds, rows: rowsLearnt(training, fitted.model, flags.seed), datasetSha256: sha256 },
    interval: fitted.interval,
    ...(warm === null ? {} : { warmStart: warm.sha256 }),
    ...calibratedBy(fitted),
    ...(fitted.anomaly ? { anomaly: calibrationJson(fitted.anomaly) } : {}),
    ...(fairness === null ? {} : { fairness }),
    metrics: { test: metrics },
  };
}

const calibrationJson = ({ quantiles, upper, ...rest }: AnomalyCalibration) => ({
  ...rest,
  ...{ quantiles: [...quantiles], upper: [...upper] },
});

const calibratedBy = ({ predictor: { calibration } }: Fitted) =>
  calibration === undefined ? {} : { calibration: calibration.type };

export const algorithmOf = (predictor: Predictor): string =>
  predictor.type === 'pipeline' ? predictor.algorithm : 'ensemble';

function membersOf({ predictor, weights }: Fitted): FitManifest['members'] {
  const members = predictor.type === 'pipeline' ? [predictor] : predictor.members;
  return members.map((member, i) => ({
    algorithm: algorithmOf(member),
    parameters: member.type === 'pipeline' ? member.parameters : {},
    weight: weights[i],
  }));
}

/** What `--settings` takes to fit it again. */
function settingsOf({
  fitted,
  warm,
  plan: { split, columns },
}: Pick<Done, 'fitted' | 'warm' | 'plan'>) {
  const { recipe, ...settings } = modelSettings(fitted.model);
  // What is gone on from was prepared by its own recipe, of its own columns.
  const prepared = warm === null ? recipe : warm.settings?.recipe;
  const known = warm === null ? columns : (warm.settings?.columns ?? {});
  return {
    ...settings,
    ...(prepared === undefined ? {} : { recipe: prepared }),
    ...(split === null ? {} : { split }),
    ...(Object.keys(known).length === 0 ? {} : { columns: known }),
  };
}

/** By which members, and how far each counts where that is the same for every row. */
function describeModel({ predictor, weights }: Fitted): string {
  if (predictor.type === 'pipeline') return predictor.algorithm;
  const { combine, members } = predictor;
  // A stack makes something else of the one member that it has.
  if (members.length === 1 && combine.type !== 'stack') return algorithmOf(members[0]);
  const isEven = combine.type === 'stack' || combine.type === 'local';
  const named = members.flatMap((member, i) => {
    if (weights[i] === 0) return [];
    const share = isEven ? '' : ` ${(100 * weights[i]).toFixed(0)} %`;
    return [`${algorithmOf(member)}${share}`];
  });
  return `an ensemble (${named.join(', ')})`;
}

type Outcome = {
  measured: Measured;
  files: { onnx: string | null; manifest: string };
  sentences: string[];
};

/** What there is to tell of it. */
export function reportOf(done: Done, { measured, files, sentences }: Outcome): Report {
  const { flags, data, fitted, fairness, seconds } = done;
  const { training, inferred } = data;
  const algorithm = algorithmOf(fitted.predictor);
  const { rowsLeftOut, columnsLeftOut, testFile } = leftOutOf(data);
  return {
    json: {
      ...{ task: flags.task, algorithm, rows: rowsLearnt(training, fitted.model, flags.seed) },
      ...{ features: inferred.inputs.length, seconds, metrics: { test: measured.metrics } },
      files,
      ...{ members: membersOf(fitted), settings: settingsOf(done) },
      ...{ interval: fitted.interval, rowsLeftOut, columnsLeftOut },
      ...(testFile === null ? {} : { testFile }),
      ...(fitted.memory ? { memory: fitted.memory } : {}),
      ...calibratedBy(fitted),
      ...(fairness === null ? {} : { fairness }),
    },
    sentences: [
      `Fitted ${describeModel(fitted)} in ${seconds.toFixed(1)} s.`,
      measured.sentence,
      ...(fitted.interval === null ? [] : [describeInterval(fitted.interval)]),
      ...(fairness === null ? [] : describeFairness(fairness)),
      ...fitted.sentences,
      ...sentences,
      `Next: edgewise predict ${flags.out} --data FILE.csv --out predictions.csv`,
    ],
  };
}
