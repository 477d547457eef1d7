import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import type { Table } from '../../shared/table/table.ts';

/** A table's columns as tensors [rows, 1]. */
export function feedsOf({ columns, rows }: Table): Record<string, Tensor> {
  const dims = [rows, 1];
  return Object.fromEntries(
    columns.map((column): [string, Tensor] => {
      if (column.type === 'number')
        return [column.name, { type: 'float', dims, data: column.values }];
      const { codes, dictionary } = column;
      const data = Array.from(codes, (code) => (code < 0 ? '' : dictionary[code]));
      return [column.name, { type: 'string', dims, data }];
    }),
  );
}
