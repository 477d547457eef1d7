import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { contains, type Domain, domainsOf, fromUnit, isActive, valueAt } from './domain.ts';
import type { PrunerOptions } from './pruners/pruner.ts';
import { isHopeless } from './pruners/should-prune.ts';
import type { Sampler } from './sampler.ts';
import { createSampler, type SamplerOptions } from './samplers.ts';
import type { Parameters, SearchSpace } from './space.ts';
import { spaceProblems } from './space-problems.ts';
import type { Direction, Trial } from './trial.ts';
import { trialSeed } from './trial-seed.ts';

/** All of a study, plain data: what `resumeStudy` goes on from, after a turn through JSON too. */
export type StudyState = {
  space: SearchSpace;
  directions: readonly Direction[];
  sampler: SamplerOptions;
  pruner: PrunerOptions | null;
  seed: number;
  trials: Trial[];
};

export type StudyOptions = Omit<StudyState, 'trials' | 'pruner'> & { pruner?: PrunerOptions };

export type Outcome =
  | { values: readonly number[]; constraints?: readonly number[] }
  | { state: 'pruned' | 'failed' };

export type TellError =
  | { reason: 'unknown_trial'; trial: number }
  | { reason: 'already_told'; trial: number; state: Trial['state'] }
  | { reason: 'wrong_number_of_values'; trial: number; values: number; objectives: number };

export type Study = {
  readonly state: StudyState;
  /** The next trial, now running. What `given` says is taken as it is, the rest suggested. */
  ask(given?: Parameters): Trial;
  /** Takes back the last trial asked, which still runs: as if it had not been asked. */
  withdraw(): void;
  /**
   * Notes a report of a running trial's objective.
   * @returns whether the pruner would end the trial here; the caller decides, and tells
   */
  report(trial: number, report: { step: number; value: number }): boolean;
  /** Ends a trial. Values that are not finite end it as failed. */
  tell(trial: number, outcome: Outcome): Result<Trial, TellError>;
};

/**
 * A search that its caller drives: `ask`, evaluate, `tell`. Several trials may run at once. The
 * suggestions depend on the state alone, so that a study restored from JSON goes on as if it had
 * never stopped. Throws on a space with problems: check it by `spaceProblems`.
 */
export const createStudy = (options: StudyOptions): Study =>
  resumeStudy({ ...options, pruner: options.pruner ?? null, trials: [] });

/** @param state taken over and changed by the study */
export function resumeStudy(state: StudyState): Study {
  const problems = spaceProblems(state.space);
  assert(problems.length === 0, `search space: ${JSON.stringify(problems)}`);
  assert(state.directions.length > 0, 'a study has at least one objective');
  const domains = domainsOf(state.space);
  const sampler = createSampler(domains, state);
  return {
    state,
    ask: (given = {}) => {
      const trial = nextTrial(state, sampler);
      if (Object.keys(given).length > 0)
        trial.parameters = override(domains, trial, { given, seed: state.seed });
      state.trials.push(trial);
      return trial;
    },
    withdraw: () => {
      assert(state.trials.at(-1)?.state === 'running', 'the last trial does not run');
      state.trials.pop();
    },
    report: (number, report) => {
      const trial = state.trials[number];
      assert(trial?.state === 'running', `trial ${number} does not run`);
      trial.intermediate.push(report);
      return state.pruner !== null && isHopeless(state.pruner, state, trial);
    },
    tell: (number, outcome) => tell(state, number, outcome),
  };
}

function nextTrial(state: StudyState, sampler: Sampler): Trial {
  const number = state.trials.length;
  const rng = createRng(trialSeed(state.seed, number));
  const { parameters, generation } = sampler.suggest({ trials: state.trials, number, rng });
  return {
    ...{ number, parameters, values: null, state: 'running', intermediate: [], endedAfter: null },
    ...(generation === undefined ? {} : { generation }),
  };
}

/** Given parents may take away children that were suggested, or ask for others, then random. */
function override(
  domains: readonly Domain[],
  suggested: Trial,
  { given, seed }: { given: Parameters; seed: number },
): Parameters {
  const rng = createRng(trialSeed(seed, -2 - suggested.number));
  const parameters: Parameters = {};
  for (const domain of domains) {
    if (!isActive(domain, parameters)) continue;
    const { name } = domain;
    if (name in given) assert(contains(domain, given[name]), `${name} is ${given[name]}`);
    const spare = valueAt(domain, fromUnit(domain, rng()));
    parameters[name] = given[name] ?? suggested.parameters[name] ?? spare;
  }
  return parameters;
}

function tell(state: StudyState, number: number, outcome: Outcome): Result<Trial, TellError> {
  const trial = state.trials[number];
  if (trial === undefined) return fail({ reason: 'unknown_trial', trial: number });
  if (trial.state !== 'running')
    return fail({ reason: 'already_told', trial: number, state: trial.state });
  const objectives = state.directions.length;
  if ('values' in outcome && outcome.values.length !== objectives) {
    const values = outcome.values.length;
    return fail({ reason: 'wrong_number_of_values', trial: number, values, objectives });
  }
  trial.endedAfter = state.trials.filter(({ endedAfter }) => endedAfter !== null).length;
  if (!('values' in outcome)) trial.state = outcome.state;
  else if (outcome.values.every(Number.isFinite)) {
    trial.state = 'complete';
    trial.values = [...outcome.values];
    if (outcome.constraints !== undefined) trial.constraints = [...outcome.constraints];
  } else trial.state = 'failed';
  return ok(trial);
}
