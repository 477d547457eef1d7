import type { InputValue } from '../contracts/manifest.ts';

/** An input as a use case writes it: the contract's input, read-only so that literals keep their types. */
export type NumberInputDefinition = {
  readonly name: string;
  readonly label: string;
  readonly type: 'number';
  readonly unit?: string;
  readonly range: readonly [number, number];
  readonly step?: number;
  readonly missing: 'reject' | 'impute';
  readonly help?: string;
};

export type CategoryInputDefinition = {
  readonly name: string;
  readonly label: string;
  readonly type: 'category';
  readonly categories: readonly { readonly value: string; readonly label: string }[];
  readonly missing: 'reject' | 'impute';
  readonly help?: string;
};

export type InputDefinition = NumberInputDefinition | CategoryInputDefinition;

/** Known categories complete in an editor; others are answered too, with a warning. */
type AnyText = string & Record<never, never>;

type ValueOf<I> = I extends { type: 'number' }
  ? number
  : I extends { categories: readonly { value: infer V }[] }
    ? V | AnyText
    : InputValue;

type Rejecting<I extends InputDefinition> = Extract<I, { missing: 'reject' }>;
type Imputing<I extends InputDefinition> = Exclude<I, { missing: 'reject' }>;

/**
 * The row type of a declaration's inputs: those that reject a missing value are required, the
 * others may be null or left out.
 */
export type RowOf<Inputs extends readonly InputDefinition[]> = {
  [I in Rejecting<Inputs[number]> as I['name']]: ValueOf<I>;
} & {
  [I in Imputing<Inputs[number]> as I['name']]?: ValueOf<I> | null;
};
