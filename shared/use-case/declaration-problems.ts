import type {
  Declaration,
  Gate,
  GateMetric,
  Input,
  Objective,
  Task,
} from '../contracts/declaration.ts';

/** Names of the model's outputs, which share a namespace with its inputs in the ONNX graph. */
export const OUTPUT_NAMES: readonly string[] = ['variable', 'label', 'probabilities'];

/** What the declaration's shape cannot say: every contradiction between its parts, with its place. */
export function declarationProblems(declaration: Declaration): string[] {
  return [
    ...nameProblems(declaration),
    ...declaration.inputs.flatMap(inputProblems),
    ...rangeProblems('target.range', declaration.target.range),
    ...taskProblems(declaration),
    ...searchProblems(declaration),
    ...stepProblems(declaration.rollout.steps),
    ...declaration.gates.flatMap((gate, index) => gateProblems(gate, index, declaration)),
    ...sensitiveProblems(declaration),
    ...cronProblems(declaration.retraining.cron),
  ];
}

function nameProblems({ inputs, target }: Declaration): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  inputs.forEach(({ name }, index) => {
    if (seen.has(name)) problems.push(`inputs[${index}].name: "${name}" is declared twice`);
    if (OUTPUT_NAMES.includes(name))
      problems.push(`inputs[${index}].name: "${name}" is the name of a model output`);
    seen.add(name);
  });
  if (seen.has(target.name)) problems.push(`target.name: "${target.name}" is also an input`);
  return problems;
}

function inputProblems(input: Input, index: number): string[] {
  const at = `inputs[${index}] (${input.name})`;
  if (input.type === 'number') return rangeProblems(`${at}.range`, input.range);
  const values = input.categories.map((category) => category.value);
  const twice = values.filter((value, i) => values.indexOf(value) !== i);
  return twice.map((value) => `${at}.categories: "${value}" is declared twice`);
}

function rangeProblems(at: string, [lowest, highest]: readonly [number, number]): string[] {
  if (lowest < highest) return [];
  return [`${at}: expected a lowest value below the highest, found [${lowest}, ${highest}]`];
}

function searchProblems({ search }: Declaration): string[] {
  const problems: string[] = [];
  if (search.algorithms.length === 0) problems.push('search.algorithms: expected at least one');
  if (!Number.isInteger(search.folds) || search.folds < 2 || search.folds > 20)
    problems.push(`search.folds: expected an integer from 2 to 20, found ${search.folds}`);
  return problems;
}

const OBJECTIVES: Record<Task['type'], readonly Objective[]> = {
  regression: ['mae', 'rmse'],
  binary: ['log_loss', 'brier', 'roc_auc', 'pr_auc'],
};

/** Gates that one task alone knows; the others are of both. */
const OWN_GATES: Record<Task['type'], readonly GateMetric[]> = {
  regression: ['mae', 'rmse', 'interval_miss_rate'],
  binary: ['brier', 'log_loss', 'accuracy', 'precision', 'recall', 'calibration_error'],
};

/** What is of the other task. */
function taskProblems(declaration: Declaration): string[] {
  const { task, objective, gates, monitors } = declaration;
  const problems: string[] = [];
  const other = task.type === 'binary' ? 'regression' : 'binary';
  if (!OBJECTIVES[task.type].includes(objective))
    problems.push(`objective: expected ${OBJECTIVES[task.type].join(', ')}, found ${objective}`);
  gates.forEach(({ metric }, index) => {
    if (OWN_GATES[other].includes(metric))
      problems.push(`gates[${index}] (${metric}): is of a ${other} task, this one is ${task.type}`);
  });
  if (task.type === 'binary' && monitors.mae)
    problems.push('monitors.mae: is of a regression task; a binary one has monitors.brier');
  if (task.type === 'regression' && monitors.brier)
    problems.push('monitors.brier: is of a binary task; a regression has monitors.mae');
  return [...problems, ...(task.type === 'binary' ? binaryProblems(declaration, task) : [])];
}

function binaryProblems(
  { target: { range, unit } }: Declaration,
  { classes, threshold }: Extract<Task, { type: 'binary' }>,
): string[] {
  const problems: string[] = [];
  if (classes[0].value === classes[1].value)
    problems.push(`task.classes: both are "${classes[0].value}"`);
  if (Math.abs(100 * threshold - Math.round(100 * threshold)) > 1e-9)
    problems.push(`task.threshold: expected whole hundredths, found ${threshold}`);
  if (range[0] !== 0 || range[1] !== 1)
    problems.push(`target.range: expected [0, 1] of a probability, found [${range.join(', ')}]`);
  if (unit !== '') problems.push(`target.unit: expected '' of a probability, found "${unit}"`);
  return problems;
}

function stepProblems(steps: readonly number[]): string[] {
  const grows = steps.every((step, i) => i === 0 || step > steps[i - 1]);
  if (grows && steps[steps.length - 1] === 1) return [];
  return [`rollout.steps: expected growing shares that end in 1, found [${steps.join(', ')}]`];
}

const BOUNDS = ['max', 'maxRatioToChampion', 'min', 'minRatioToChampion'] as const;

/** What a gate is judged by; of any other bound nothing would come, and nobody would be told. */
function boundsOf(metric: GateMetric): readonly (typeof BOUNDS)[number][] {
  switch (metric) {
    case 'agreement_rate':
    case 'accuracy':
    case 'precision':
    case 'recall':
      return ['min'];
    case 'calibration_error':
      return ['max'];
    case 'business':
      return ['min', 'minRatioToChampion'];
    default:
      return ['max', 'maxRatioToChampion'];
  }
}

function gateProblems(gate: Gate, index: number, declaration: Declaration): string[] {
  const { metric, name = '' } = gate;
  const at = `gates[${index}] (${metric})`;
  const known = boundsOf(metric);
  const problems = BOUNDS.filter(
    (bound) => gate[bound] !== undefined && !known.includes(bound),
  ).map((bound) => `${at}: ${bound} is no bound of it`);
  if (known.every((bound) => gate[bound] === undefined))
    problems.push(`${at}: expected ${known.join(', ')}${known.length > 1 ? ' or both' : ''}`);
  if (metric === 'business' && !declaration.businessMetrics.some((named) => named.name === name))
    problems.push(`${at}.name: "${name}" is no business metric of this declaration`);
  if (metric === 'group_mae_ratio' && declaration.sensitive === undefined)
    problems.push(`${at}: expected the declaration to name its sensitive input`);
  return problems;
}

function sensitiveProblems({ sensitive, inputs }: Declaration): string[] {
  if (sensitive === undefined) return [];
  const input = inputs.find(({ name }) => name === sensitive);
  if (input?.type === 'category') return [];
  return [`sensitive: "${sensitive}" is ${input ? 'no category' : 'no input'} of this declaration`];
}

function cronProblems(cron: string): string[] {
  if (/^(\S+ ){4}\S+$/.test(cron)) return [];
  return [`retraining.cron: expected five fields separated by one space, found "${cron}"`];
}
