/** A task as a use case writes it, read-only so that the classes keep their literal values. */
export type TaskDefinition =
  | { readonly type: 'regression'; readonly unit: string }
  | BinaryTaskDefinition;

type ClassDefinition = { readonly value: string; readonly label: string };

type BinaryTaskDefinition = {
  readonly type: 'binary';
  readonly classes: readonly [ClassDefinition, ClassDefinition];
  readonly threshold?: number;
};

/** The values of a binary task's classes; `never` of a regression. */
export type ClassOf<T> = T extends { readonly classes: readonly { readonly value: infer V }[] }
  ? V
  : never;

/** What an outcome may be told as: a number, or of a binary task 0, 1 or a class's value. */
export type OutcomeOf<T> = T extends BinaryTaskDefinition ? 0 | 1 | ClassOf<T> : number;

/** What an answer says besides its value: of a binary task the value of the class it stands for. */
export type LabelOf<T> = T extends BinaryTaskDefinition
  ? { label: ClassOf<T> }
  : { label?: undefined };
