import { figureTable } from '../drawing/figure-table.ts';
import { escapeMarkdown } from '../escape.ts';
import type { Block, Drawing, Report, Table } from '../report.ts';

/** A report as GitHub-flavoured Markdown: the same words, tables as tables, figures as the tables of their numbers. */
export function renderMarkdown(report: Report): string {
  const { title, subject, verdict, facts, sections } = report;
  const head = [
    `# ${escapeMarkdown(title)}`,
    escapeMarkdown(subject),
    `**${escapeMarkdown(verdict.word)}.** ${escapeMarkdown(verdict.sentence)}`,
    facts
      .map(({ label, value, note }) => {
        const more = note ? ` (${escapeMarkdown(note)})` : '';
        return `- ${escapeMarkdown(label)}: ${escapeMarkdown(value)}${more}`;
      })
      .join('\n'),
  ];
  const body = sections.flatMap(({ heading, blocks }) => [
    `## ${escapeMarkdown(heading)}`,
    ...blocks.flatMap(blockLines),
  ]);
  return `${[...head, ...body].filter((part) => part !== '').join('\n\n')}\n`;
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'text':
      return [escapeMarkdown(block.text)];
    case 'table':
      return [tableText(block)];
    case 'figure':
      return figureLines(block.title, block.drawing);
    case 'fold': {
      const { heading, mark, summary, blocks } = block;
      const line = [`**${escapeMarkdown(mark)}**`, escapeMarkdown(summary)];
      return [`### ${escapeMarkdown(heading)}`, line.join(' '), ...blocks.flatMap(blockLines)];
    }
  }
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** Histograms as a line of blocks a series; other figures as their numbers. */
function figureLines(title: string, drawing: Drawing): string[] {
  if (drawing.type !== 'histogram') return [tableText(figureTable(drawing, title))];
  const top = Math.max(...drawing.series.flatMap(({ shares }) => shares), 1e-12);
  const lines = drawing.series.map(({ name, shares }) => {
    const blocks = shares.map((share) => LEVELS[Math.round((share / top) * (LEVELS.length - 1))]);
    return `${blocks.join('')} ${escapeMarkdown(name)}`;
  });
  const range = [drawing.edges[0], drawing.edges[drawing.edges.length - 1]];
  const from = range.map((edge) => String(Number(edge.toPrecision(3)))).join(' to ');
  return [`${escapeMarkdown(title)}, ${from}:`, lines.join('  \n')];
}

function tableText({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `${escapeMarkdown(caption)}:`,
    '',
    line(columns.map(({ label }) => escapeMarkdown(label))),
    line(columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map(({ text }) => escapeMarkdown(text)))),
  ].join('\n');
}
