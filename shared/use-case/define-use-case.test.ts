import { expect, test } from 'vitest';
import { churn } from '../../models/churn/use-case.ts';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { flightDelay } from '../../models/flight-delay/use-case.ts';
import {
  clientUseCase,
  declarationOf,
  defineUseCase,
  type RowOfUseCase,
} from './define-use-case.ts';
import type { InputDefinition } from './row-type.ts';
import type { ClassOf, DecisionOf, OutcomeOf } from './task-type.ts';

const number = (name: string, range: [number, number] = [0, 1]): InputDefinition => ({
  name,
  label: name,
  type: 'number',
  range,
  missing: 'impute',
});

const define = (change: object) => () =>
  defineUseCase({ ...declarationOf(delayPrediction), fallback: () => 1, ...change });

test('a declaration that contradicts itself is refused with every problem and its place', () => {
  expect(define({ inputs: [number('a', [3, 1]), number('a')] })).toThrowError(
    /inputs\[1\]\.name: "a" is declared twice[\s\S]*inputs\[0\] \(a\)\.range: expected a lowest value below the highest, found \[3, 1\]/,
  );
  expect(define({ inputs: [number('variable')] })).toThrowError(/is the name of a model output/);
  expect(define({ inputs: [number('Delivery_Time_min')] })).toThrowError(/is also an input/);
  expect(define({ rollout: { steps: [0.5, 0.2, 1], holdMs: 0 } })).toThrowError(/growing shares/);
  expect(define({ gates: [{ metric: 'mae', minSamples: 1 }] })).toThrowError(
    /gates\[0\] \(mae\): expected max, maxRatioToChampion or both/,
  );
  expect(define({ search: { algorithms: [], folds: 1.5 } })).toThrowError(
    /at least one[\s\S]*1\.5/,
  );
  expect(define({ retraining: { cron: 'daily', minNewLabels: 50, cooldownMs: 0 } })).toThrowError(
    /five fields/,
  );
});

test('what is of the other task is refused, with its place', () => {
  const problems = (useCase: object, change: object): string => {
    try {
      defineUseCase({ ...useCase, ...change } as Parameters<typeof defineUseCase>[0]);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  const minSamples = 1;
  expect(problems(churn, {})).toBe('');
  for (const [useCase, change, why] of [
    [
      churn,
      { objective: 'mae' },
      'objective: expected log_loss, brier, roc_auc, pr_auc, found mae',
    ],
    [delayPrediction, { objective: 'brier' }, 'objective: expected mae, rmse, found brier'],
    [
      churn,
      { gates: [{ metric: 'mae', max: 1, minSamples }] },
      'gates[0] (mae): is of a regression',
    ],
    [
      delayPrediction,
      { gates: [{ metric: 'calibration_error', max: 0.1, minSamples }] },
      'gates[0] (calibration_error): is of a binary task',
    ],
    [
      churn,
      { gates: [{ metric: 'recall', max: 1, minSamples }] },
      'gates[0] (recall): expected min',
    ],
    [
      churn,
      { gates: [{ metric: 'calibration_error', maxRatioToChampion: 1.1, minSamples }] },
      'gates[0] (calibration_error): expected max',
    ],
    [
      churn,
      { gates: [{ metric: 'accuracy', min: 0.5, maxRatioToChampion: 1.1, minSamples }] },
      'gates[0] (accuracy): maxRatioToChampion is no bound of it',
    ],
    [churn, { monitors: delayPrediction.monitors }, 'monitors.mae: is of a regression task'],
    [delayPrediction, { monitors: churn.monitors }, 'monitors.brier: is of a binary task'],
    [churn, { target: { ...churn.target, range: [0, 2] } }, 'target.range: expected [0, 1]'],
    [churn, { target: { ...churn.target, unit: '%' } }, "target.unit: expected ''"],
    [
      churn,
      { task: { ...churn.task, threshold: 0.123 } },
      'expected whole hundredths, found 0.123',
    ],
    [
      churn,
      {
        task: {
          ...churn.task,
          classes: [
            { value: 'a', label: 'A' },
            { value: 'a', label: 'B' },
          ],
        },
      },
      'task.classes: both are "a"',
    ],
  ] as const)
    expect(problems(useCase, change)).toContain(why);
});

test('a declaration of the wrong shape names the field', () => {
  expect(define({ id: 'Not An Id' })).toThrowError(/id: /);
  expect(define({ inputs: [{ name: 'a', label: 'a', type: 'text' }] })).toThrowError(
    /inputs\.0\.type/,
  );
  expect(define({ fallback: 12 })).toThrowError(/fallback: expected a function/);
});

test('the published declaration is the whole use case without its function', () => {
  const data = declarationOf(delayPrediction);
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  expect(data.gates).toHaveLength(4);
  expect(data).not.toHaveProperty('fallback');
});

test('the client gets inputs and fallback, and no gates, monitors or schedule', () => {
  const client = clientUseCase(delayPrediction);
  expect(Object.keys(client).sort()).toEqual(
    ['fallback', 'id', 'inputs', 'logging', 'target', 'task', 'title'].sort(),
  );
});

test('both heuristics answer a row in which everything that may be missing is missing', () => {
  expect(delayPrediction.fallback({ Distance_km: 10 })).toBe(58);
  expect(flightDelay.fallback({ dep_delay: 20 })).toBe(12);
});

test('the row type requires what is rejected when missing and offers the known categories', () => {
  type Row = RowOfUseCase<typeof delayPrediction>;
  const row: Row = { Distance_km: 3, Weather: 'Rainy', Courier_Experience_yrs: null };
  // @ts-expect-error the distance has no substitute
  const withoutDistance: Row = { Weather: 'Rainy' };
  // @ts-expect-error a number input takes no text
  const textDistance: Row = { Distance_km: '3' };
  expect([row, withoutDistance, textDistance]).toHaveLength(3);
});

test('a binary task types what an answer is called and what an outcome may be told as', () => {
  type Task = NonNullable<typeof churn.taskType>;
  const decided: DecisionOf<Task> = { label: 'Yes', threshold: 0.5 };
  const told: OutcomeOf<Task>[] = [0, 1, 'No', 'Yes'];
  // @ts-expect-error no class has this value
  const other: ClassOf<Task> = 'Maybe';
  // @ts-expect-error an outcome of a regression is a number
  const text: OutcomeOf<NonNullable<typeof delayPrediction.taskType>> = 'Yes';
  expect([decided, told, other, text]).toHaveLength(4);
});
