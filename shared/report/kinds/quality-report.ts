import type { AssociatedPairs, ColumnPair } from '../../stats/quality/association.ts';
import type { Finding, QualityReport, TargetQuality } from '../../stats/quality/quality-report.ts';
import { shorten } from '../escape.ts';
import { countText, fixedText, numberText, percentText } from '../number-text.ts';
import { type Block, paragraph, type Report, type Section, type Table } from '../report.ts';
import {
  byColumn,
  foldOf,
  levelsFigure,
  overviewTable,
  ownOf,
  TONES,
  worstFirst,
} from './quality-columns.ts';

/** What bounds the report of a file of ten thousand columns. */
const MAX_FINDINGS = 80;
const MAX_FOLDS = 40;
const MAX_PAIRS = 50;
const MAX_SCORES = 30;
const NAME_LENGTH = 60;

/** The quality of a file: what stands in the way of learning from it, and how each column lies. */
export function qualityReport(
  quality: QualityReport,
  { title, subject }: { title: string; subject: string },
): Report {
  const { columns, findings, target, associated } = quality;
  const own = byColumn(findings);
  const detailed = worstFirst(columns, own).slice(0, MAX_FOLDS);
  const idOf = new Map(detailed.map((column, i) => [column, `column-${i + 1}`]));
  const sections: Section[] = [
    { heading: 'What was found', blocks: findingBlocks(findings) },
    ...(target ? [targetSection(target)] : []),
    { heading: 'Columns', blocks: [overviewTable(columns, { own, idOf })] },
    ...(associated.count > 0
      ? [{ heading: 'Columns that say almost the same', blocks: [pairTable(associated)] }]
      : []),
    {
      heading: 'Column by column',
      blocks: detailed.map((column, i) =>
        foldOf(column, { own: ownOf(column, own), id: idOf.get(column)!, i }),
      ),
    },
    { heading: 'How this was judged', blocks: EXPLANATION.map(paragraph) },
  ];
  return {
    kind: 'quality',
    title,
    subject,
    verdict: verdictOf(findings),
    facts: factsOf(quality),
    sections,
  };
}

function verdictOf(findings: readonly Finding[]): Report['verdict'] {
  const of = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity);
  const [errors, warnings] = [of('error'), of('warning')];
  const [first] = [...errors, ...warnings];
  const rest = errors.length + warnings.length - 1;
  const sentence = first
    ? `${shorten(first.sentence, 300)}${rest > 0 ? ` And ${countText(rest, 'finding')} more.` : ''}`
    : 'Nothing stands in the way of learning from it.';
  if (errors.length > 0) return { tone: 'bad', word: 'Not fit to learn from yet', sentence };
  return warnings.length > 0
    ? { tone: 'unsure', word: 'Look before you learn', sentence }
    : { tone: 'good', word: 'Fit to learn from', sentence };
}

function factsOf(quality: QualityReport): Report['facts'] {
  const { rows, columns, missingCells, missingShare, duplicates, lookedAtRows } = quality;
  const leftOut = columns.filter(
    ({ isId, isConstant, type }) => isId || isConstant || type === 'empty',
  );
  const sample =
    lookedAtRows < rows ? { note: `values of ${numberText(lookedAtRows)} of them` } : {};
  return [
    { label: 'Rows', value: numberText(rows), ...sample },
    {
      label: 'Columns',
      value: numberText(columns.length),
      note: `${leftOut.length} of no use: ids, constant, empty`,
    },
    { label: 'Missing', value: percentText(missingShare), note: countText(missingCells, 'cell') },
    { label: 'Repeated rows', value: numberText(duplicates.rows) },
  ];
}

function findingBlocks(findings: readonly Finding[]): Block[] {
  if (findings.length === 0) return [paragraph('Nothing that stands in the way of learning.')];
  const shown = findings.slice(0, MAX_FINDINGS);
  const left = findings.length - shown.length;
  const table: Table = {
    kind: 'table',
    caption: 'The worst first',
    columns: [{ label: 'Finding' }, { label: 'Column' }, { label: 'Weight' }],
    rows: shown.map(({ sentence, column, severity }, i) => [
      { text: shorten(sentence, 300), order: i },
      { text: column === null ? 'the file' : shorten(column, NAME_LENGTH) },
      { text: severity, tone: TONES[severity], order: i },
    ]),
  };
  const rest =
    left > 0 ? [paragraph(`${countText(left, 'more finding')}: see the JSON answer.`)] : [];
  return [table, ...rest];
}

function targetSection({ name, kind, classes, singleColumns }: TargetQuality): Section {
  const title = shorten(name, NAME_LENGTH);
  const blocks: Block[] = [];
  if (classes !== null) blocks.push(levelsFigure(`Classes of ${title}`, classes));
  else if (kind === 'number') blocks.push(paragraph(`${title} is a number.`));
  if (singleColumns.length > 0)
    blocks.push({
      kind: 'table',
      caption: 'What each column alone would score on rows it was not fitted to',
      columns: [{ label: 'Column' }, { label: 'Score', isNumber: true }, { label: 'Metric' }],
      rows: singleColumns
        .slice(0, MAX_SCORES)
        .map(({ column, metric, value }) => [
          { text: shorten(column, NAME_LENGTH) },
          { text: fixedText(value), order: value },
          { text: metric === 'roc_auc' ? 'ROC-AUC' : 'R² of ranks' },
        ]),
    });
  return { heading: `The target: ${title}`, blocks };
}

const METHODS: Record<ColumnPair['method'], string> = {
  pearson: "Pearson's correlation",
  spearman: 'rank correlation',
  uncertainty: 'uncertainty coefficient',
};

const pairTable = ({ pairs, count }: AssociatedPairs): Table => ({
  kind: 'table',
  caption: `The closest of ${countText(count, 'pair')} first`,
  columns: [
    { label: 'Column' },
    { label: 'And' },
    { label: 'Association', isNumber: true },
    { label: 'Measured by' },
    { label: 'Rows', isNumber: true },
  ],
  rows: pairs
    .slice(0, MAX_PAIRS)
    .map(({ a, b, method, value, rows }) => [
      { text: shorten(a, NAME_LENGTH) },
      { text: shorten(b, NAME_LENGTH) },
      { text: fixedText(value), order: Math.abs(value) },
      { text: METHODS[method] },
      { text: numberText(rows), order: rows },
    ]),
});

const EXPLANATION = [
  'Types are guessed from the cells: numbers where all cells are, but for words such as "nan" that mean missing and few mistakes; ids where text never comes twice, or whole numbers do not and the name says so.',
  'Outliers are told in two ways: beyond 1.5 interquartile ranges from the quartiles (Tukey), and by a modified z-score above 3.5 (Iglewicz and Hoaglin). Many of them are a long tail rather than mistakes.',
  'Two columns say almost the same where the correlation of their values or of their ranks, or for texts the uncertainty coefficient in the weaker direction, is at least 0.98.',
  'A column that foretells the target alone (ROC-AUC from 0.96, R² of ranks from 0.9) may know the answer: each half of the rows is foretold by bins of the other half.',
];
