import type { Mitigated } from '../../shared/learn/fairness/mitigate.ts';
import type { Mitigation } from '../../shared/learn/fairness/mitigation.ts';
import { remembers } from '../../shared/learn/fairness/steady-learner.ts';
import {
  type GroupStanding,
  groupStandings,
  type Standing,
  type StandingFigure,
} from '../../shared/stats/fairness/decision-standing.ts';
import type { DrawnDecisions } from '../../shared/stats/fairness/group-cells.ts';
import type { SensitiveRows } from './sensitive-column.ts';

type Stood = Standing & { groups: Record<string, GroupStanding> };

/** What `fit --sensitive` tells and writes down. */
export type FairnessJson = {
  sensitive: string;
  isInput: boolean;
  /** The class that a yes is. */
  positive: string;
  minGroupSize: number;
  /** Groups of the test rows that are too small to be compared. */
  tooSmall: string[];
  trainingGroups: Record<string, { n: number; positives: number }>;
  /** How it was made fair; null: it was not. */
  mitigation: Record<string, unknown> | null;
  /** On the test rows: the model as it would be without mitigation, yes where that is likelier. */
  before: Stood;
  /** The model that is written, by lot where it is `isDrawn`; and what changed, on the same rows. */
  after: (Stood & { isDrawn: boolean; change: Standing }) | null;
  /** The same model where nobody draws: yes above one half. Null where nothing is drawn anyway. */
  afterAtHalf: (Stood & { change: Standing }) | null;
};

type Found = {
  sensitive: SensitiveRows;
  minGroupSize: number;
  mitigation: Mitigation | null;
  mitigated: Mitigated | null;
  /** Before; after; after without lots. */
  ways: readonly DrawnDecisions[];
  standings: readonly { standing: Standing; change: Standing }[];
  truth: ArrayLike<number>;
  positive: string;
};

export function fairnessJson(found: Found): FairnessJson {
  const { sensitive, minGroupSize, mitigated, ways, standings } = found;
  const stood = ways.map((way, w) => ({
    ...standings[w].standing,
    groups: Object.fromEntries(groupStandings(way)),
  }));
  const { groups } = stood[0];
  return {
    ...{ sensitive: sensitive.name, isInput: sensitive.isInput, positive: found.positive },
    minGroupSize,
    tooSmall: Object.keys(groups).filter((name) => groups[name].n < minGroupSize),
    trainingGroups: trainingGroups(sensitive.training, found.truth),
    mitigation: mitigationJson(found),
    before: stood[0],
    after: mitigated && {
      ...{ isDrawn: mitigated.isDrawn, ...stood[1], change: standings[1].change },
    },
    afterAtHalf: mitigated?.isDrawn ? { ...stood[2], change: standings[2].change } : null,
  };
}

function trainingGroups(
  groups: readonly string[],
  truth: ArrayLike<number>,
): FairnessJson['trainingGroups'] {
  const counted = groupStandings({ truth, groups, yes: truth });
  return Object.fromEntries(
    [...counted].map(([name, { n, positives }]) => [name, { n, positives }]),
  );
}

function mitigationJson({ mitigation, mitigated }: Found): FairnessJson['mitigation'] {
  if (mitigation === null || mitigated === null) return null;
  const { found, rules, predictor } = mitigated;
  const models = predictor.type === 'ensemble' ? predictor.members : [predictor];
  const [first] = models;
  const learner = first.type === 'pipeline' ? first.algorithm : 'ensemble';
  return {
    ...mitigation,
    ...(found ? { learner, models: models.length, ...found } : {}),
    ...(rules
      ? { rules: Object.fromEntries([...rules].map(([name, rule]) => [name, finite(rule)])) }
      : {}),
  };
}

/** JSON has no infinity: a threshold that nobody passes, or everybody, is told in words. */
const finite = (rule: Record<string, number>): Record<string, number | string> =>
  Object.fromEntries(
    Object.entries(rule).map(([name, value]) => [
      name,
      Number.isFinite(value) ? value : value > 0 ? 'nobody' : 'everybody',
    ]),
  );

/** The figure that each constraint is to make small. */
const HELD: Record<string, StandingFigure> = {
  demographic_parity: 'demographicParityDifference',
  equalized_odds: 'equalizedOddsDifference',
  true_positive_rate_parity: 'equalOpportunityDifference',
  false_positive_rate_parity: 'falsePositiveRateDifference',
  error_rate_parity: 'errorRateDifference',
};

const WORDS: Partial<Record<StandingFigure, string>> = {
  demographicParityDifference: 'selection rates',
  equalizedOddsDifference: 'true or false positive rates',
  equalOpportunityDifference: 'true positive rates',
  falsePositiveRateDifference: 'false positive rates',
  errorRateDifference: 'error rates',
};

export function describeFairness(json: FairnessJson): string[] {
  const { before, after, afterAtHalf, mitigation, sensitive, tooSmall } = json;
  const held = HELD[String(mitigation?.constraint ?? 'demographic_parity')];
  const usual = ['demographicParityDifference', 'equalizedOddsDifference'] as const;
  const figures = [...new Set([held, ...usual])];
  const told = (words: string, stood: Stood): string =>
    `${words}: accuracy ${estimate(stood, 'accuracy')}, ROC-AUC ${estimate(stood, 'rocAuc')}; between groups of ${sensitive}, ` +
    `${figures.map((figure) => `${WORDS[figure]} differ by ${estimate(stood, figure)}`).join(', ')}.`;
  const drawn = after?.isDrawn ? ', decided by lot with the chance that it answers' : '';
  return [
    ...describeMitigation(mitigation),
    told(after ? 'Before mitigation' : 'As it decides', before),
    ...(after ? [told(`After${drawn}`, after)] : []),
    ...(afterAtHalf ? [told('After, yes above one half', afterAtHalf)] : []),
    ...(tooSmall.length > 0
      ? [
          `Too few test rows to compare (--min-group-size ${json.minGroupSize}): ${tooSmall.map((name) => `"${name}"`).join(', ')}.`,
        ]
      : []),
  ];
}

/** How near a mixture came to what was asked for. */
function describeMitigation(mitigation: FairnessJson['mitigation']): string[] {
  if (mitigation?.method !== 'exponentiated-gradient') return [];
  const { learner, models, fits, constraint, violation, differenceBound } = mitigation;
  const memory = {
    errorOnLearnt: Number(mitigation.errorOnLearnt),
    errorOnHeldOut: Number(mitigation.errorOnHeldOut),
  };
  const isMet = Number(violation) <= 1.01 * Number(differenceBound);
  const missed = isMet ? '' : ': nothing nearer was found';
  const warning =
    `${learner} remembers its rows (wrong on ${memory.errorOnLearnt.toFixed(3)} of them, on ${memory.errorOnHeldOut.toFixed(3)} of rows held out), ` +
    'so that what is alike there need not be elsewhere: choose an --algorithm that does not, such as logistic-regression.';
  const mixed =
    models === 1
      ? `One of ${fits} models of ${learner} is enough`
      : `Mixed ${models} of ${fits} models of ${learner}`;
  return [
    ...(mitigation.isReplacement
      ? [`What was found remembers its rows: ${learner} learns in its place.`]
      : []),
    `${mixed}: on the rows learnt from, each group is within ${Number(violation).toPrecision(2)} ` +
      `of all rows by ${constraint} (asked for: ${differenceBound})${missed}.`,
    ...(remembers(memory) ? [warning] : []),
  ];
}

function estimate(stood: Stood, figure: StandingFigure): string {
  const found = stood[figure];
  if (found === null) return 'unknown';
  const [low, high] = found.interval;
  return `${found.value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
