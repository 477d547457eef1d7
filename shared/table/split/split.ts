/** Rows to learn from and rows to judge on, each ascending; no row is in both. */
export type Split = { training: Uint32Array; test: Uint32Array };

/** Why rows cannot be divided as asked for. */
export type SplitError = {
  reason: 'too_few';
  /** What there is too little of. */
  of: 'rows' | 'groups' | 'rows of a class';
  found: number;
  needed: number;
};

/** One sentence. */
export const describeSplitError = ({ of, found, needed }: SplitError): string =>
  `A split needs ${needed} ${of}, found ${found}.`;

/** The split whose test rows are those marked. */
export function splitWhere(rows: number, isTest: (row: number) => boolean): Split {
  const training = new Uint32Array(rows);
  const test = new Uint32Array(rows);
  let trainingRows = 0;
  let testRows = 0;
  for (let row = 0; row < rows; row++)
    if (isTest(row)) test[testRows++] = row;
    else training[trainingRows++] = row;
  return { training: training.slice(0, trainingRows), test: test.slice(0, testRows) };
}

/** One split per fold: its rows are the test, the others the training part. */
export const splitsOfFolds = (foldOf: ArrayLike<number>, folds: number): Split[] =>
  Array.from({ length: folds }, (_, fold) =>
    splitWhere(foldOf.length, (row) => foldOf[row] === fold),
  );
