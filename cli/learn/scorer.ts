import type { Column, Table } from '../../shared/table/table.ts';
import type { Predictions } from './predictions-csv.ts';

export type RuntimeName = 'own' | 'onnxruntime';

export type Scorer = {
  /** `fitted`: the model as it was fitted, where it has no graph. */
  runtime: RuntimeName | 'fitted';
  score(table: Table): Promise<Pick<Predictions, 'labels' | 'values'>>;
};

/** A category column as the text that a graph is given: '' where missing. */
export const textsOf = ({ codes, dictionary }: Extract<Column, { type: 'category' }>): string[] =>
  Array.from(codes, (code) => (code < 0 ? '' : dictionary[code]));
