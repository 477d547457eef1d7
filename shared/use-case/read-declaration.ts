import * as v from 'valibot';
import { type Declaration, declaration } from '../contracts/declaration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { declarationProblems } from './declaration-problems.ts';
import { defaultPolicies } from './default-policies.ts';

export type InvalidDeclaration = { reason: 'invalid_declaration'; problems: string[] };

type Fields = Record<string, unknown>;

/**
 * The whole declaration of a definition that says only what differs from the defaults: of records the parts that
 * it gives, of lists the whole list. Refused with every problem and its place; what no declaration has is
 * one too, for a misspelt policy would otherwise be a default that nobody notices.
 */
export function readDeclaration(definition: object): Result<Declaration, InvalidDeclaration> {
  const given: Fields = { ...definition };
  const parsed = v.safeParse(declaration, overlay(defaultsFor(given), given));
  const problems = parsed.success
    ? [...unknownParts(given, parsed.output, ''), ...declarationProblems(parsed.output)]
    : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  if (parsed.success && problems.length === 0) return ok(parsed.output);
  return fail({ reason: 'invalid_declaration', problems });
}

/** A target is in the task's unit, and a classifier's a probability. */
function defaultsFor({ task }: Fields): Fields {
  const { type, unit }: Fields = isRecord(task) ? task : {};
  const isBinary = type === 'binary';
  return {
    ...defaultPolicies(isBinary ? 'binary' : 'regression'),
    target: isBinary ? { unit: '', range: [0, 1] } : { unit },
  };
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (record: Fields, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function overlay(usual: unknown, given: unknown): unknown {
  if (given === undefined) return usual;
  if (!isRecord(usual) || !isRecord(given)) return given;
  const names = new Set([...Object.keys(usual), ...Object.keys(given)]);
  return Object.fromEntries(
    [...names].map((name) => [name, overlay(own(usual, name), own(given, name))]),
  );
}

/** Places of what parsing left behind. */
function unknownParts(given: unknown, known: unknown, at: string): string[] {
  if (Array.isArray(given) && Array.isArray(known))
    return given.flatMap((item, i) => unknownParts(item, known[i], `${at}${i}.`));
  if (!isRecord(given) || !isRecord(known)) return [];
  return Object.keys(given).flatMap((name) => {
    if (given[name] === undefined) return [];
    if (!Object.hasOwn(known, name)) return [`${at}${name}: is no part of a declaration`];
    return unknownParts(given[name], known[name], `${at}${name}.`);
  });
}
