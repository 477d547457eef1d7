import type { Input } from '../../contracts/declaration.ts';
import type { Manifest, Row } from '../../contracts/manifest.ts';

/** How one declared input becomes numbers: itself, or one per category in the order declared. */
export type Feature =
  | { name: string; type: 'number'; missing: number }
  | { name: string; type: 'category'; categories: readonly string[]; missing: string };

/** Raw values of one input by row: NaN for a missing number, '' for a missing category. */
export type RawColumn = readonly (number | string)[];

/** What is missing is what the manifest's baseline says; without an entry 0, or no category. */
export const featuresOf = (inputs: readonly Input[], baseline: Manifest['baseline']): Feature[] =>
  inputs.map((input) => {
    const { name, type } = input;
    const usual = baseline[name];
    return type === 'number'
      ? { name, type, missing: typeof usual === 'number' ? usual : 0 }
      : {
          ...{ name, type, missing: typeof usual === 'string' ? usual : '' },
          categories: input.categories.map(({ value }) => value),
        };
  });

const columnsOf = (feature: Feature): number =>
  feature.type === 'number' ? 1 : feature.categories.length;

/** Numbers a row. */
export const encodedWidth = (features: readonly Feature[]): number =>
  features.reduce((sum, feature) => sum + columnsOf(feature), 0);

/**
 * Rows as a tfjs model takes them, which knows no text: row-major [rows, width], the inputs in the order
 * declared. A category that was not declared is all zeros. Cost: rows x width.
 */
export function encodeFeatures(
  features: readonly Feature[],
  columns: readonly RawColumn[],
): Float32Array {
  const width = encodedWidth(features);
  const rows = columns[0]?.length ?? 0;
  const values = new Float32Array(rows * width);
  let start = 0;
  features.forEach((feature, i) => {
    for (let row = 0; row < rows; row++)
      writeValue(values, row * width + start, [feature, columns[i][row]]);
    start += columnsOf(feature);
  });
  return values;
}

function writeValue(
  values: Float32Array,
  at: number,
  [feature, raw]: readonly [Feature, number | string],
): void {
  if (feature.type === 'number') {
    const value = Number(raw);
    values[at] = Number.isNaN(value) ? feature.missing : value;
    return;
  }
  const place = feature.categories.indexOf(raw === '' ? feature.missing : String(raw));
  if (place >= 0) values[at + place] = 1;
}

/** Columns of rows by name, for those who have rows. */
export const rawColumns = (features: readonly Feature[], rows: readonly Row[]): RawColumn[] =>
  features.map(({ name, type }) =>
    rows.map((row) => row[name] ?? (type === 'number' ? Number.NaN : '')),
  );
