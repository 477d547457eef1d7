const NEEDS_QUOTES = /[",\r\n]/;

/** A value of a column as a cell of CSV (RFC 4180). Null, undefined and NaN are empty. */
export function csvCell(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return numberText(value);
    case 'string':
      return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? '' : objectText(value);
    default:
      return '';
  }
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return '';
  return value > 0 ? 'inf' : '-inf';
}

function objectText(value: object): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  const json = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
  return csvCell(json);
}
