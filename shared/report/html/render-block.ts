import { draw } from '../drawing/draw.ts';
import { drawSpark } from '../drawing/draw-spark.ts';
import { figureTable } from '../drawing/figure-table.ts';
import { escapeHtml } from '../escape.ts';
import type { Block, Cell, Figure, Fold, Table } from '../report.ts';

export function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'table':
      return renderTable(block);
    case 'figure':
      return renderFigure(block);
    case 'fold':
      return renderFold(block);
  }
}

function renderFold(fold: Fold): string {
  const { id, heading, tone, mark, summary, isOpen, blocks } = fold;
  const head = `<h3>${escapeHtml(heading)}</h3><span class="mark ${tone}">${escapeHtml(mark)}</span><span>${escapeHtml(summary)}</span>`;
  const inside = blocks.map((block) => renderBlock(block)).join('\n');
  return `<details id="${id}"${isOpen ? ' open' : ''}><summary>${head}</summary><div class="inside">${inside}</div></details>`;
}

/** The drawing, and its numbers folded under it. */
function renderFigure(figure: Figure): string {
  const numbers = renderTable(figureTable(figure.drawing, figure.title));
  return `<figure><figcaption>${escapeHtml(figure.title)}</figcaption>${draw(figure)}<details class="numbers"><summary>The numbers</summary>${numbers}</details></figure>`;
}

function renderTable({ caption, columns, rows }: Table): string {
  const head = columns.map(
    ({ label, isNumber }) =>
      `<th scope="col"${isNumber ? ' class="n"' : ''}>${escapeHtml(label)}</th>`,
  );
  const body = rows.map((cells) => {
    const rendered = cells.map((cell, i) =>
      renderCell(cell, { isHead: i === 0, isNumber: columns[i].isNumber === true }),
    );
    return `<tr>${rendered.join('')}</tr>`;
  });
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** Between a figure and its unit, and the ends of a range. */
const KEPT_TOGETHER = /(?<=\d) (?=%)|(?<=[\d%∞]) (?=to [−\d∞])|(?<=[\d%∞] to) (?=[−\d∞])/g;

type CellPlace = { isHead: boolean; isNumber: boolean };

function renderCell(cell: Cell, { isHead, isNumber }: CellPlace): string {
  const { text, order, tone, spark, leadsTo } = cell;
  const tag = isHead ? 'th' : 'td';
  const scope = isHead ? ' scope="row"' : '';
  const align = isNumber ? ' class="n"' : '';
  const sortKey = order === undefined ? '' : ` data-order="${order ?? ''}"`;
  const escaped = escapeHtml(text).replace(KEPT_TOGETHER, '\u00a0');
  const linked = leadsTo ? `<a href="#${leadsTo}">${escaped}</a>` : escaped;
  const marked =
    text !== '' && tone && tone !== 'plain'
      ? `<span class="mark ${tone}">${linked}</span>`
      : linked;
  return `<${tag}${scope}${align}${sortKey}>${spark ? `${drawSpark(spark)} ` : ''}${marked}</${tag}>`;
}
