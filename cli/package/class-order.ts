/** Ways that files write the negative and the positive class where they do not use the declared values. */
const PLACES: readonly (readonly [string, string])[] = [
  ['0', '1'],
  ['-1', '1'],
  ['False', 'True'],
  ['false', 'true'],
];

/** Probabilities closer than this could go with either label. */
const TIE = 1e-6;

/**
 * Whether a classifier's first probability is that of the positive class, as the labels that it gives to
 * rows show. Null where the labels are neither the declared values nor 0 and 1 by any name.
 * @param labels one a row @param probabilities [rows, 2] @param classes the negative value, the positive one
 */
export function isTurned(
  labels: readonly string[],
  probabilities: ArrayLike<number>,
  classes: readonly [string, string],
): boolean | null {
  const names = [classes, ...PLACES].find((pair) => labels.every((label) => pair.includes(label)));
  if (names === undefined) return null;
  let straight = 0;
  let turned = 0;
  labels.forEach((label, row) => {
    const lead = probabilities[2 * row + 1] - probabilities[2 * row];
    if (Math.abs(lead) < TIE) return;
    if (lead > 0 === (label === names[1])) straight++;
    else turned++;
  });
  return turned > straight;
}
