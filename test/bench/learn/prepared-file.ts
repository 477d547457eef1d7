import { createRng } from '../../../shared/core/rng.ts';
import type { LearningData } from '../../../shared/learn/algorithm.ts';
import { fitPreparation, type Recipe } from '../../../shared/prepare/preparation.ts';
import { createSchemaInference } from '../../../shared/table/infer-schema.ts';
import { describeTableIssue } from '../../../shared/table/read-table.ts';
import { readTableAs } from '../../../shared/table/read-table-as.ts';
import { readReference } from '../../parity/reference-data.ts';

/** A reference file with two classes, its columns guessed, as the recipe prepares all its rows. */
export function preparedFile(
  { path, target }: { path: string; target: string },
  recipe: Recipe,
): LearningData {
  const text = readReference(path);
  const inference = createSchemaInference({ target, task: 'binary' });
  inference.push(text);
  const schema = inference.end();
  if (!schema.ok) throw new Error(schema.error.issues.map(describeTableIssue).join('\n'));
  const read = readTableAs(text, schema.value);
  if (!read.ok) throw new Error(read.error.issues.map(describeTableIssue).join('\n'));
  const { table } = read.value;
  const given = { table, target: table.target, classes: 2, rng: createRng(1) };
  const { matrix } = fitPreparation(recipe, given);
  return { task: 'binary', matrix, target: table.target, classes: 2, weights: null };
}
