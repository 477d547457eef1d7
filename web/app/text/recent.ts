import * as v from 'valibot';
import type { Input } from '../../../shared/contracts/declaration.ts';
import type { InputValue, Row } from '../../../shared/contracts/manifest.ts';
import { quantity } from '../../../shared/core/quantity.ts';

const recentPrediction = v.object({
  id: v.string(),
  value: v.number(),
  version: v.nullable(v.string()),
  at: v.number(),
  summary: v.string(),
});

/** A prediction whose outcome is not known yet, as the list of recent ones shows it. */
export type RecentPrediction = v.InferOutput<typeof recentPrediction>;

/** More than this is a list nobody answers. */
export const MOST_RECENT = 20;

/** Reads what an earlier visit kept; anything else that stands there is as if nothing did. */
export function parseRecent(text: string | null): RecentPrediction[] {
  if (text === null) return [];
  try {
    const parsed = v.safeParse(v.array(recentPrediction), JSON.parse(text));
    return parsed.success ? parsed.output : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** A value as the form shows it: the number with its unit, the category's label. */
export function valueWords(input: Input, value: InputValue): string {
  if (value === null) return 'not known';
  if (input.type === 'number') return quantity(Number(value), input.unit, 'typed');
  return input.categories.find((category) => category.value === value)?.label ?? String(value);
}

/** The known values of a row in the order of its declaration: enough to recognise it by. */
export function summarise(inputs: readonly Input[], row: Row): string {
  return inputs
    .filter((input) => row[input.name] != null)
    .map((input) => valueWords(input, row[input.name]))
    .slice(0, 5)
    .join(' · ');
}
