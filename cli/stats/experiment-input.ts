import * as v from 'valibot';
import type { MetricQuestion } from '../../shared/stats/experiment/findings.ts';
import type { ExperimentPlan } from '../../shared/stats/experiment/plan.ts';
import type { BanditArm } from '../../shared/stats/experiment/thompson.ts';
import { interleaving, metric, plan, thompson } from './experiment-schema.ts';

/** One thing that may be asked of `edgewise experiment`. */
export type Asked =
  | { kind: 'metric'; question: MetricQuestion }
  | { kind: 'plan'; plan: ExperimentPlan; unitsPerDay: number | null }
  | { kind: 'interleaving'; name: string; wins: { a: number; b: number }; alpha: number }
  | { kind: 'thompson'; arms: (BanditArm & { name: string })[]; minUnits: number };

/** @param at counted from 1: names what has no name @returns what is wrong, a line each, where it is not understood */
export function readAsked(given: unknown, at: number): Asked | string[] {
  if (hasKey(given, 'plan')) return readPlan(given);
  const test = hasKey(given, 'test') ? given.test : null;
  if (test === 'interleaving') {
    const parsed = v.safeParse(interleaving, given);
    if (!parsed.success) return issuesOf(parsed.issues);
    const { wins, alpha, name = `ranking ${at}` } = parsed.output;
    return { kind: 'interleaving', name, wins, alpha };
  }
  if (test === 'thompson') return readBandit(given);
  const parsed = v.safeParse(metric, given);
  if (!parsed.success) return issuesOf(parsed.issues);
  const { compatibility, name = `metric ${at}`, minEffect = null, ...rest } = parsed.output;
  const { margin = null, weights = null } = rest;
  const question: MetricQuestion = {
    ...rest,
    ...{ name, minEffect, margin, weights },
    compatibility: compatibility === 'none' ? undefined : 'growthbook',
    refusesMeanBelowZero: compatibility === 'growthbook',
  };
  return { kind: 'metric', question };
}

function readPlan(given: unknown): Asked | string[] {
  const parsed = v.safeParse(plan, given);
  if (!parsed.success) return issuesOf(parsed.issues);
  const { unitsPerDay = null, ...rest } = parsed.output.plan;
  return { kind: 'plan', plan: rest, unitsPerDay };
}

/** A success counts as a reward of 1. */
function readBandit(given: unknown): Asked | string[] {
  const parsed = v.safeParse(thompson, given);
  if (!parsed.success) return issuesOf(parsed.issues);
  const arms = parsed.output.arms.map((arm, i) => {
    const { name = `arm ${i + 1}`, n, sum } = arm;
    return { name, n, sum, sumSquares: arm.kind === 'mean' ? arm.sumSquares : sum };
  });
  return { kind: 'thompson', arms, minUnits: parsed.output.minUnits };
}

const hasKey = <Key extends string>(given: unknown, key: Key): given is Record<Key, unknown> =>
  typeof given === 'object' && given !== null && key in given;

const issuesOf = (issues: readonly v.BaseIssue<unknown>[]): string[] =>
  issues.map((issue) => {
    const isUnknownKey = issue.type === 'strict_object' && issue.expected === 'never';
    return `${v.getDotPath(issue) ?? 'it'}: ${isUnknownKey ? 'Not a key that is known here' : issue.message}`;
  });
