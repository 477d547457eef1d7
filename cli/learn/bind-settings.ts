import { type ModelChoice, pipelinesOf } from '../../shared/learn/ensemble/model-choice.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { nearestNames } from '../../shared/learn/settings/nearest-names.ts';

/** Columns and classes that settings name and the file does not have. */
export function unknownColumns(
  model: ModelChoice,
  { inputs, classes }: Pick<PipelineData, 'inputs' | 'classes'>,
): string[] {
  const numbers = inputs.filter(({ type }) => type === 'number').map(({ name }) => name);
  const problems = pipelinesOf(model).flatMap(({ choice, classWeights }) => {
    const text = choice.parameters?.monotoneConstraints;
    const columns =
      typeof text === 'string' && text !== '' ? Object.keys(JSON.parse(text) as object) : [];
    return [
      ...unknownIn('monotoneConstraints', columns, { known: numbers, what: 'number column' }),
      ...(columns.length > 0 && choice.recipe?.pca !== undefined
        ? ['monotoneConstraints: components of pca are no columns of the file']
        : []),
      ...unknownIn('classWeight', Object.keys(classWeights ?? {}), {
        ...{ known: classes, what: 'class' },
      }),
    ];
  });
  return [...new Set(problems)];
}

const unknownIn = (
  setting: string,
  names: readonly string[],
  { known, what }: { known: readonly string[]; what: string },
): string[] =>
  names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearestNames(name, known).join(', ');
      return `${setting}.${name}: the file has no such ${what}; the nearest are ${near}`;
    });
