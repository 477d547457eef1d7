import { shorten } from '../escape.ts';
import { countText, numberText, percentText } from '../number-text.ts';
import { type Cell, type Figure, figure, paragraph, type Section, type Table } from '../report.ts';
import { NAME_LENGTH, points } from './rate-words.ts';

/** Figures on the rows that the mitigation was found on: on new rows the gain is a little less. */
export type Standing = {
  accuracy: number | null;
  demographicParityDifference: number | null;
  equalOpportunityDifference: number | null;
};

/** The rate that is brought together, and accuracy, of one group. */
export type GroupStanding = { rate: number | null; accuracy: number | null };

export type WeightCell = { group: string; positive: boolean; n: number; weight: number };

export type Mitigation =
  | {
      method: 'reweighing';
      /** Of each row of the group with that truth; the mean over all rows is 1. */
      weights: WeightCell[];
    }
  | {
      method: 'thresholds';
      constraint: 'demographic_parity' | 'equal_opportunity';
      /** A row is yes from its group's probability on; null: never. */
      thresholds: Record<string, number | null>;
      /** What all groups are brought to. */
      rate: number;
      before: Standing;
      after: Standing;
      groups: Record<string, { n: number; before: GroupStanding; after: GroupStanding }>;
    };

const MAX_GROUPS = 40;

/** What would treat the groups alike, and how they then stand. Its size does not grow with the rows. */
export const mitigationSection = (mitigation: Mitigation): Section => ({
  heading: 'What would treat the groups alike',
  blocks:
    mitigation.method === 'reweighing'
      ? weightBlocks(mitigation.weights)
      : thresholdBlocks(mitigation),
});

const rest = (groups: number) =>
  groups > MAX_GROUPS
    ? [paragraph(`${countText(groups - MAX_GROUPS, 'smaller group')}: see the JSON answer.`)]
    : [];

const number = (label: string) => ({ label, isNumber: true });

type Weighed = { name: string; yes: WeightCell | null; no: WeightCell | null };

function weightBlocks(weights: readonly WeightCell[]): Section['blocks'] {
  const byName = new Map<string, Weighed>();
  for (const cell of weights) {
    const one = byName.get(cell.group) ?? { name: cell.group, yes: null, no: null };
    one[cell.positive ? 'yes' : 'no'] = cell;
    byName.set(cell.group, one);
  }
  const groups = [...byName.values()];
  groups.sort((a, b) => rowsOf(b) - rowsOf(a));
  const shown = groups.slice(0, MAX_GROUPS);
  return [
    paragraph(
      'Train again with these weights on the rows: weighed, the truth is yes as often in each group, so there is less to learn from the group itself. Judge the model that comes of it like this one.',
    ),
    shareFigure(shown),
    weightTable(shown),
    ...rest(groups.length),
  ];
}

const rowsOf = ({ yes, no }: Weighed): number => (yes?.n ?? 0) + (no?.n ?? 0);

/** Share of yes among a group's rows, as they are or weighed. */
function yesShare({ yes, no }: Weighed, isWeighed: boolean): number {
  const mass = (cell: WeightCell | null) => (cell ? cell.n * (isWeighed ? cell.weight : 1) : 0);
  return mass(yes) / (mass(yes) + mass(no));
}

const shareFigure = (groups: readonly Weighed[]): Figure =>
  figure('Share of rows whose truth is yes', {
    type: 'categories',
    labels: groups.map(({ name }) => shorten(name, NAME_LENGTH)),
    series: [
      { name: 'as they are', shares: groups.map((group) => yesShare(group, false)) },
      { name: 'weighed', shares: groups.map((group) => yesShare(group, true)) },
    ],
  });

function weightTable(groups: readonly Weighed[]): Table {
  const cells = (cell: WeightCell | null): Cell[] => [
    { text: numberText(cell?.n ?? 0), order: cell?.n ?? 0 },
    { text: numberText(cell?.weight), order: cell?.weight ?? null },
  ];
  return {
    kind: 'table',
    caption: 'Weight of each row; the mean over all rows is 1',
    columns: [
      { label: 'Group' },
      number('Rows of yes'),
      number('Weight of yes'),
      number('Rows of no'),
      number('Weight of no'),
    ],
    rows: groups.map(({ name, yes, no }) => [
      { text: shorten(name, NAME_LENGTH) },
      ...cells(yes),
      ...cells(no),
    ]),
  };
}

type Thresholds = Mitigation & { method: 'thresholds' };

const CONSTRAINTS = {
  demographic_parity: {
    rate: 'selection rate',
    of: 'rows of each group that are answered yes',
    difference: 'demographicParityDifference',
  },
  equal_opportunity: {
    rate: 'true positive rate',
    of: 'rows of each group whose truth is yes that are answered yes',
    difference: 'equalOpportunityDifference',
  },
} as const;

function thresholdBlocks(mitigation: Thresholds): Section['blocks'] {
  const { constraint, before, after } = mitigation;
  const { rate, of, difference } = CONSTRAINTS[constraint];
  const groups = Object.entries(mitigation.groups).sort(([, a], [, b]) => b.n - a.n);
  const shown = groups.slice(0, MAX_GROUPS);
  const apart = (standing: Standing): string =>
    standing[difference] === null ? 'unknown' : points(standing[difference]);
  const told = `With a threshold of its own for each group the ${rate}s are ${apart(after)} apart instead of ${apart(before)}, at an accuracy of ${percentText(after.accuracy)} instead of ${percentText(before.accuracy)}. That is on the rows the thresholds were found on: on new ones the gain is a little less. To treat people by their group may itself need a reason: ask who answers for it.`;
  return [
    paragraph(told),
    figure(`Share of the ${of}`, {
      type: 'categories',
      labels: shown.map(([name]) => shorten(name, NAME_LENGTH)),
      series: [
        { name: 'as decided', shares: shown.map(([, group]) => group.before.rate ?? 0) },
        { name: 'by its threshold', shares: shown.map(([, group]) => group.after.rate ?? 0) },
      ],
    }),
    thresholdTable(shown, mitigation),
    ...rest(groups.length),
  ];
}

function thresholdTable(
  groups: readonly [string, Thresholds['groups'][string]][],
  { thresholds, constraint }: Thresholds,
): Table {
  const share = (value: number | null): Cell => ({ text: percentText(value), order: value });
  const { rate } = CONSTRAINTS[constraint];
  return {
    kind: 'table',
    caption: 'A row is yes when its probability is at its group’s threshold or above it',
    columns: [
      { label: 'Group' },
      number('Rows'),
      number('Yes from'),
      number(`${rate}, as decided`),
      number('by its threshold'),
      number('accuracy, as decided'),
      number('by its threshold'),
    ],
    rows: groups.map(([name, { n, before, after }]) => [
      { text: shorten(name, NAME_LENGTH) },
      { text: numberText(n), order: n },
      thresholds[name] === null
        ? { text: 'never', order: null }
        : { text: numberText(thresholds[name]), order: thresholds[name] },
      share(before.rate),
      share(after.rate),
      share(before.accuracy),
      share(after.accuracy),
    ]),
  };
}
