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

/** What is predicted. A binary task's is a probability, so its range and unit need not be said; a regression's unit is the task's. */
export type TargetDefinition<T> = {
  readonly name: string;
  readonly label: string;
  readonly unit?: string;
} & (T extends BinaryTaskDefinition
  ? { readonly range?: readonly [number, number] }
  : { readonly range: readonly [number, number] });

/** The values of a binary task's classes; `never` of a regression. */
export type ClassOf<T> = T extends { readonly classes: readonly { readonly value: infer V }[] }
  ? V
  : never;

/** What an outcome may be told as: a number, or of a binary task 0, 1 or a class's value. */
export type OutcomeOf<T> = T extends BinaryTaskDefinition ? 0 | 1 | ClassOf<T> : number;

/**
 * What an answer says besides its value: of a binary task the value of the class that it stands for, and the
 * threshold that decided, from which on it is the positive one.
 */
export type DecisionOf<T> = T extends BinaryTaskDefinition
  ? { label: ClassOf<T>; threshold: number }
  : { label?: undefined; threshold?: undefined };
