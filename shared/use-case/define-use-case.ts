import type { Declaration, Input } from '../contracts/declaration.ts';
import type { Row } from '../contracts/manifest.ts';
import type { PolicyChanges } from './default-policies.ts';
import { readDeclaration } from './read-declaration.ts';
import type { InputDefinition, RowOf } from './row-type.ts';
import type { TargetDefinition, TaskDefinition } from './task-type.ts';

/**
 * What a use case's file writes: what is predicted of what, the heuristic that always answers, and of the policies
 * those that differ from `defaultPolicies`.
 */
export type UseCaseDefinition<
  Inputs extends readonly InputDefinition[],
  T extends TaskDefinition = TaskDefinition,
> = Pick<Declaration, 'id' | 'title' | 'sensitive'> &
  PolicyChanges & {
    readonly inputs: Inputs;
    readonly task: T;
    readonly target: TargetDefinition<T>;
    /**
     * The heuristic: in target units, of a binary task the probability of the positive class. It sees validated rows (missing values as null) and must answer
     * each of them with a finite number.
     */
    fallback(row: RowOf<Inputs>): number;
  };

/** A validated declaration and its heuristic. */
export type UseCase<
  Inputs extends readonly InputDefinition[] = readonly InputDefinition[],
  T extends TaskDefinition = TaskDefinition,
> = Declaration & LiteralTypes<Inputs, T> & { fallback(row: Row): number };

/** Carries the inputs' and the task's literal types; there is no value behind it. */
type LiteralTypes<Inputs, T> = { readonly inputTypes?: Inputs; readonly taskType?: T };

/** What an app embeds: enough to make a form, validate a row and answer without a model. */
export type ClientUseCase<
  Inputs extends readonly InputDefinition[] = readonly InputDefinition[],
  T extends TaskDefinition = TaskDefinition,
> = Pick<Declaration, 'id' | 'title' | 'task' | 'target' | 'logging' | 'sensitive'> &
  LiteralTypes<Inputs, T> & { readonly inputs: readonly Input[]; fallback(row: Row): number };

/** The row type that a use case's `predict` takes. */
export type RowOfUseCase<U> = U extends { readonly inputTypes?: infer Inputs }
  ? NonNullable<Inputs> extends readonly InputDefinition[]
    ? RowOf<NonNullable<Inputs>>
    : never
  : never;

/**
 * Completes a declaration by the defaults, and checks it when it is written, not when it is used.
 * @throws Error that lists every problem with its place: a wrong declaration is a bug
 */
export function defineUseCase<
  const Inputs extends readonly InputDefinition[],
  const T extends TaskDefinition,
>(definition: UseCaseDefinition<Inputs, T>): UseCase<Inputs, T> {
  const { fallback, ...data } = definition;
  const read = readDeclaration(data);
  const problems = read.ok ? [] : [...read.error.problems];
  if (typeof fallback !== 'function') problems.push('fallback: expected a function of a row');
  if (!read.ok || problems.length > 0)
    throw new Error(`Use case "${definition.id}" is not valid:\n  ${problems.join('\n  ')}`);
  return { ...read.value, fallback: fallback as (row: Row) => number };
}

/** The part of a use case that is data, as published with every version. */
export function declarationOf(useCase: UseCase): Declaration {
  const { fallback: _, inputTypes: __, taskType: ___, ...data } = useCase;
  return data;
}

/** What `createClient` takes: no gates, monitors or schedule leave the publisher. */
export function clientUseCase<
  const Inputs extends readonly InputDefinition[],
  const T extends TaskDefinition,
>(useCase: UseCase<Inputs, T>): ClientUseCase<Inputs, T> {
  const { id, title, task, inputs, target, logging, sensitive, fallback } = useCase;
  const named = sensitive === undefined ? {} : { sensitive };
  return { id, title, task, inputs, target, logging, ...named, fallback };
}
