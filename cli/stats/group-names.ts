/** What stands for an empty cell. */
const MISSING = 'missing';

/**
 * The group of each row: its value of one attribute, or of several joined by commas. Written as CSV writes cells, so
 * that no two rows of different values have one name: values with a comma among several, or a quote, are quoted, and
 * so is a value that reads as what stands for an empty cell.
 * @param attributes columns of one length, at least one; null: empty
 */
export function groupNames(attributes: readonly (readonly (string | null)[])[]): string[] {
  const special = attributes.length > 1 ? /[",\r\n]/ : /^"/;
  const nameOf = (cell: string | null): string => {
    if (cell === null) return MISSING;
    return cell === MISSING || special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
  return attributes[0].map((_, row) => attributes.map((cells) => nameOf(cells[row])).join(','));
}
