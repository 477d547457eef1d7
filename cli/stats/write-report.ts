import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { renderHtml } from '../../shared/report/html/render-html.ts';
import { renderMarkdown } from '../../shared/report/markdown/render-markdown.ts';
import type { Report } from '../../shared/report/report.ts';
import type { CliContext } from '../context.ts';
import type { CliFailure } from '../failure.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';

/** Where a report is written, if it is. */
export type ReportFlags = { html?: string; markdown?: string; report?: string };

/**
 * Says before long work that a report cannot be written.
 * @param read what the command reads, which no report may replace
 */
export async function checkReport(
  { cwd }: CliContext,
  { html, markdown, report }: ReportFlags,
  read: readonly string[],
): Promise<Result<null, CliFailure>> {
  for (const path of [html, markdown, report]) {
    if (path === undefined) continue;
    const checked = await checkOutFile(resolve(cwd, path), { read });
    if (!checked.ok) return checked;
  }
  return ok(null);
}

/** Writes the report in each form that was asked for; it is made only when one was. */
export async function writeReport(
  context: CliContext,
  flags: ReportFlags,
  make: () => Report,
): Promise<Result<null, CliFailure>> {
  const forms = [
    { path: flags.html, render: renderHtml },
    { path: flags.markdown, render: renderMarkdown },
    { path: flags.report, render: (report: Report) => `${JSON.stringify(report, null, 2)}\n` },
  ];
  if (forms.every(({ path }) => path === undefined)) return ok(null);
  const report = make();
  for (const { path, render } of forms) {
    if (path === undefined) continue;
    const written = await writeOutFile(resolve(context.cwd, path), render(report));
    if (!written.ok) return written;
  }
  return ok(null);
}
