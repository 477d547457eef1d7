import {
  MITIGATION_METHODS,
  type Mitigation,
  type MitigationMethod,
} from '../../shared/learn/fairness/mitigation.ts';
import {
  FAIRNESS_CONSTRAINTS,
  type FairnessConstraint,
} from '../../shared/stats/fairness/rate-constraints.ts';
import { textFlag, wholeNumberFlag } from '../routes/flags.ts';
import type { FitFlags } from './fit-call.ts';

export type FairnessFitFlags = {
  /** Column of the group; several, with commas between, give intersections. */
  sensitive?: string;
  sensitiveInput: boolean;
  mitigation?: MitigationMethod;
  constraint?: FairnessConstraint;
  differenceBound?: number;
  minGroupSize: number;
};

/** Flags of `fit` that compare groups, and make a model fair to them. */
export const fairnessFlags = {
  sensitive: {
    ...textFlag(
      'Of two classes: column of the group (several give intersections). Decisions are compared by it; it is no input',
      'COL[,COL]',
    ),
    optional: true,
  },
  sensitiveInput: {
    kind: 'boolean',
    brief: 'The column of --sensitive is an input: the model must be told the group',
    default: false,
    withNegated: false,
  },
  mitigation: {
    kind: 'enum',
    values: MITIGATION_METHODS,
    brief:
      'Make it fair: weighted rows, a mixture of models, or thresholds by group (needs --sensitive-input)',
    optional: true,
  },
  constraint: {
    kind: 'enum',
    values: FAIRNESS_CONSTRAINTS,
    brief: 'What a mixture or thresholds keep alike between groups; else demographic_parity',
    optional: true,
  },
  differenceBound: {
    kind: 'parsed',
    parse: parseShare,
    brief: 'Of a mixture: how far a group may be from all rows; else 0.01',
    placeholder: 'SHARE',
    optional: true,
  },
  minGroupSize: {
    ...wholeNumberFlag('Rows that a group needs to be learnt from, and to be compared', {
      least: 1,
      most: 1_000_000,
    }),
    default: '20',
  },
} as const;

export const sensitiveNames = (sensitive: string): string[] => [
  ...new Set(sensitive.split(',').map((name) => name.trim())),
];

function parseShare(words: string): number {
  const share = Number(words);
  if (words.trim() !== '' && share > 0 && share <= 1) return share;
  throw new Error(`Expected a share above 0 and up to 1, found "${words}"`);
}

type Asked = FairnessFitFlags &
  Pick<FitFlags, 'task' | 'target' | 'calibrate' | 'warmStart' | 'outliers'>;

/** What these flags need that is not given, or cannot go with. */
export function misusedFairnessFlag(flags: Asked): string | null {
  const { sensitive, mitigation, task } = flags;
  if (sensitive === undefined) return withoutGroups(flags);
  if (task !== 'binary')
    return `--sensitive compares decisions between two classes: a ${task} makes none.`;
  if (sensitiveNames(sensitive).some((name) => name === flags.target))
    return `--sensitive is the target: name the column of the group.`;
  if (flags.warmStart !== undefined)
    return '--sensitive needs a model that begins anew: leave out --warm-start.';
  return mitigation === undefined ? withoutMitigation(flags) : withMitigation(flags);
}

function withoutGroups({ mitigation, sensitiveInput, ...flags }: Asked): string | null {
  const given = { mitigation, 'sensitive-input': sensitiveInput || undefined };
  const asked = {
    ...given,
    constraint: flags.constraint,
    'difference-bound': flags.differenceBound,
  };
  const first = Object.entries(asked).find(([, value]) => value !== undefined);
  return first ? `--${first[0]} needs --sensitive: the column of the group.` : null;
}

function withoutMitigation({ constraint, differenceBound }: Asked): string | null {
  if (constraint !== undefined) return '--constraint needs --mitigation.';
  if (differenceBound !== undefined)
    return '--difference-bound needs --mitigation exponentiated-gradient.';
  return null;
}

function withMitigation(flags: Asked): string | null {
  const { mitigation, constraint, differenceBound, sensitiveInput } = flags;
  if (mitigation === 'reweighing' && constraint !== undefined)
    return '--mitigation reweighing weighs the shares of positives alone: leave out --constraint.';
  if (mitigation !== 'exponentiated-gradient' && differenceBound !== undefined)
    return '--difference-bound needs --mitigation exponentiated-gradient.';
  if (mitigation === 'threshold' && !sensitiveInput)
    return '--mitigation threshold decides by group, so the model must be told it: add --sensitive-input, or choose another --mitigation.';
  if (mitigation === 'threshold' && constraint === 'error_rate_parity')
    return 'Thresholds do not bring error rates together: choose another --constraint, or --mitigation exponentiated-gradient.';
  if (flags.calibrate !== undefined)
    return '--calibrate makes probabilities honest, --mitigation changes what they are of: leave one out.';
  if (mitigation === 'exponentiated-gradient' && flags.outliers?.startsWith('drop') === true)
    return '--mitigation exponentiated-gradient weighs every row: --outliers must not drop any.';
  return null;
}

/** What is asked for; null: nothing, groups are compared alone. */
export function mitigationOf(flags: FairnessFitFlags): Mitigation | null {
  const { mitigation, constraint = 'demographic_parity', differenceBound = 0.01 } = flags;
  switch (mitigation) {
    case undefined:
      return null;
    case 'reweighing':
      return { method: mitigation };
    case 'exponentiated-gradient':
      return { method: mitigation, constraint, differenceBound };
    case 'threshold':
      return constraint === 'error_rate_parity' ? null : { method: mitigation, constraint };
  }
}
