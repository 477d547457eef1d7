import type { Algorithm } from '../algorithm.ts';
import type { Choice, Parameters } from '../search/space.ts';
import { isClassification, type Task } from '../task.ts';
import { describeRange, isInRange } from './number-range.ts';
import { type ParameterRule, ruleOf } from './parameter-rules.ts';
import { asObject, join, type Problems, refuseUnknown, shown } from './problems.ts';

/** Parameters of an algorithm as settings give them: what is not given is as by default. */
export type GivenParameters = {
  parameters: Parameters;
  /** Weights of rows by the label of their class; null: as the parameters say. */
  classWeights: Readonly<Record<string, number>> | null;
};

/**
 * Reads parameters, each checked by its name and value: unknown ones, values out of range, and those that
 * nothing reads beside the others are told. `classWeight` may be an object of weights by label,
 * `monotoneConstraints` one of 1, -1 or 0 by column.
 */
export function readParameters(
  given: unknown,
  algorithm: Algorithm,
  { path, problems, task }: { path: string; problems: Problems; task: Task },
): GivenParameters {
  const none = { parameters: {}, classWeights: null };
  if (given === undefined) return none;
  const object = asObject(given, path, problems);
  if (object === null) return none;
  const { name, defaults } = algorithm;
  refuseUnknown(object, Object.keys(defaults), { path, what: name, problems });
  const known = Object.entries(object).filter(([key]) => Object.hasOwn(defaults, key));
  const parameters: Parameters = {};
  let classWeights: GivenParameters['classWeights'] = null;
  for (const [key, value] of known) {
    const at = { path: join(path, key), problems };
    if (key === 'classWeight' && typeof value === 'object' && isClassification(task))
      classWeights = readWeights(value, at.path, problems);
    else if (key === 'monotoneConstraints') parameters[key] = readMonotone(value, at);
    else if (isAllowed(value, ruleOf(algorithm, key, task))) parameters[key] = value;
    else
      problems.add(
        at.path,
        `expected ${describeRule(ruleOf(algorithm, key, task))}, found ${shown(value)}`,
      );
  }
  for (const key of Object.keys(parameters))
    refuseUnread(key, { algorithm, parameters, path, problems, task });
  const { topRate = 0, otherRate = 0 } = { ...defaults, ...parameters };
  if (Number(topRate) + Number(otherRate) > 1)
    problems.add(
      join(path, 'otherRate'),
      `with topRate ${topRate} it may be ${1 - Number(topRate)} at most`,
    );
  return { parameters, classWeights };
}

const isAllowed = (value: unknown, { range, choices }: ParameterRule): value is Choice =>
  choices.includes(value as Choice) || (range !== null && isInRange(value, range));

/** What a parameter may be, in words. */
export function describeParameter(algorithm: Algorithm, name: string, task: Task): string {
  if (name === 'monotoneConstraints') return '1, -1 or 0 by column';
  const { only, ...rule } = ruleOf(algorithm, name, task);
  const weights =
    name === 'classWeight' && isClassification(task) ? ', or a weight above 0 by class' : '';
  const where =
    only === undefined
      ? ''
      : `; only where ${only.parameter} is ${only.in.map(shown).join(' or ')}`;
  return `${describeRule(rule)}${weights}${where}`;
}

const describeRule = ({ range, choices }: ParameterRule): string => {
  const words =
    choices.length === 1 ? shown(choices[0]) : `one of ${choices.map(shown).join(', ')}`;
  if (range === null) return words;
  return choices.length === 0 ? describeRange(range) : `${describeRange(range)}, or ${words}`;
};

type Read = {
  algorithm: Algorithm;
  parameters: Parameters;
  path: string;
  problems: Problems;
  task: Task;
};

/** A value that differs from the default and has no effect is a mistake. */
function refuseUnread(name: string, { algorithm, parameters, path, problems, task }: Read): void {
  const { only } = ruleOf(algorithm, name, task);
  const { defaults } = algorithm;
  if (only === undefined || parameters[name] === defaults[name]) return;
  const other = parameters[only.parameter] ?? defaults[only.parameter];
  if (only.in.includes(other)) return;
  const needed = only.in.map(shown).join(' or ');
  problems.add(
    join(path, name),
    `it is read only where ${only.parameter} is ${needed}, which is ${shown(other)} here`,
  );
}

function readWeights(
  given: object | null,
  path: string,
  problems: Problems,
): Record<string, number> | null {
  const object = asObject(given, path, problems);
  if (object === null) return null;
  for (const [label, weight] of Object.entries(object))
    if (!isInRange(weight, { low: 0, high: Number.MAX_VALUE, isAboveLow: true }))
      problems.add(join(path, label), `expected a weight above 0, found ${shown(weight)}`);
  return object as Record<string, number>;
}

/** As the algorithm takes it: JSON text, empty where there is nothing to hold to. */
function readMonotone(
  given: unknown,
  { path, problems }: { path: string; problems: Problems },
): string {
  const isText = typeof given === 'string';
  if (given === '') return '';
  const object = asObject(isText ? parsed(given) : given, path, problems);
  for (const [column, direction] of Object.entries(object ?? {}))
    if (direction !== 1 && direction !== -1 && direction !== 0)
      problems.add(join(path, column), `expected 1, -1 or 0, found ${shown(direction)}`);
  return object === null || Object.keys(object).length === 0 ? '' : JSON.stringify(object);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
