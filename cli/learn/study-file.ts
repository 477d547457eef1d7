import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { ok, type Result } from '../../shared/core/result.ts';
import type { StudyState } from '../../shared/learn/search/study.ts';
import { type CliFailure, codeOf, failed, unreadable } from '../failure.ts';
import { writePublicJson } from '../private-file.ts';

/** What a search was about: another file, target or metric cannot go on from it. */
export type StudySubject = {
  datasetSha256: string;
  target: string;
  task: string;
  objective: string;
  /** Draws the folds and the rows that are measured on: trials by another are of other rows. */
  seed: number;
  /** What a trial must keep to, in words; null: nothing. */
  atMost: string | null;
  also: string | null;
  folds: number;
};

const choice = v.union([v.string(), v.number(), v.boolean()]);
const trial = v.object({
  number: v.pipe(v.number(), v.integer(), v.minValue(0)),
  parameters: v.record(v.string(), choice),
  values: v.nullable(v.array(v.number())),
  state: v.picklist(['running', 'complete', 'pruned', 'failed']),
  intermediate: v.array(v.object({ step: v.number(), value: v.number() })),
  generation: v.optional(v.number()),
  constraints: v.optional(v.array(v.number())),
  endedAfter: v.nullable(v.number()),
});
const studyFile = v.object({
  kind: v.literal('study'),
  subject: v.record(v.string(), v.nullable(v.union([v.string(), v.number()]))),
  space: v.unknown(),
  trials: v.array(trial),
});

export const writeStudyFile = (
  path: string,
  { subject, state }: { subject: StudySubject; state: StudyState },
): Promise<void> =>
  writePublicJson(path, { kind: 'study', subject, space: state.space, trials: state.trials });

/** Trials of the search in a file; none where there is no file yet. */
export async function readStudyFile(
  path: string,
  { subject, space }: { subject: StudySubject; space: StudyState['space'] },
): Promise<Result<StudyState['trials'], CliFailure>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ok([]);
    return unreadable(path, error);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), studyFile), text);
  if (!parsed.success) return failed('file', `${path} is no study of edgewise tune.`);
  const { output } = parsed;
  const others = Object.entries(subject)
    .filter(([name, value]) => output.subject[name] !== value)
    .map(([name, value]) => `${name}: ${output.subject[name]} there, ${value} here`);
  if (JSON.stringify(output.space) !== JSON.stringify(space)) others.push('another search space');
  if (others.length > 0)
    return failed('wrong_usage', `${path} is a study of something else.`, others);
  return ok(
    output.trials.map(({ generation, constraints, ...rest }) => ({
      ...rest,
      ...(generation === undefined ? {} : { generation }),
      ...(constraints === undefined ? {} : { constraints }),
    })),
  );
}
