import { createRng, type Rng } from '../../core/rng.ts';
import type { Recipe } from '../../prepare/preparation.ts';
import type { Algorithm } from '../algorithm.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { isInSpace } from '../search/domain.ts';
import type { Parameters, SearchSpace } from '../search/space.ts';
import { createStudy, type Study } from '../search/study.ts';
import type { Candidate, Evaluation } from './cross-validate.ts';
import { recipeVariants } from './recipe-variants.ts';

/** Proposes what to try next from what was tried. */
export type Proposals = {
  /**
   * @param evaluations best first
   * @param isAllowed by an algorithm's name
   * @returns null where no algorithm that is allowed has parameters
   */
  next(
    evaluations: readonly Evaluation[],
    isAllowed: (algorithm: string) => boolean,
  ): Candidate | null;
  /** A candidate that others proposed is tried: its algorithm's study is to know of it. */
  note(candidate: Candidate): void;
  /** How a candidate did; null: it was given up. */
  tell(candidate: Candidate, loss: number | null): void;
};

/** One algorithm's study: its parameters, and which of its recipes the table is prepared by. */
type Searched = { algorithm: Algorithm; recipes: readonly (Recipe | null)[]; study: Study };

/** How much less often each algorithm is drawn than the next better one. */
const DECAY = 0.6;
/** The portfolio has said something of most algorithms already. */
const STARTUP_TRIALS = 4;
/** Draws until one is new; small spaces run out of new ones. */
const DRAWS = 4;
/** The parameter that stands for the recipe; no algorithm's has such a name. */
const RECIPE = '(recipe)';

/**
 * Draws an algorithm, the better ones more often, and asks its study (TPE) for parameters and a
 * recipe. An algorithm that nobody has seen yet counts as the worst. Deterministic in the seed and in
 * the order of what it is asked and told.
 */
export function createProposals(
  algorithms: readonly Algorithm[],
  { data, seed }: { data: PipelineData; seed: number },
): Proposals {
  const rng = createRng(seed);
  const searched = algorithms
    .filter(({ space }) => Object.keys(space).length > 0)
    .map((algorithm, i) => startStudy(algorithm, data, seed + i));
  const trialOf = new Map<Candidate, { study: Study; trial: number }>();
  return {
    next(evaluations, isAllowed) {
      const allowed = searched.filter(({ algorithm }) => isAllowed(algorithm.name));
      if (allowed.length === 0) return null;
      const { algorithm, recipes, study } = draw(ranked(allowed, evaluations), rng);
      const trial = askForNew(study);
      const { [RECIPE]: at = 0, ...parameters } = trial.parameters;
      const recipe = recipes[Number(at)];
      const candidate = { algorithm: algorithm.name, parameters, recipe, seed };
      trialOf.set(candidate, { study, trial: trial.number });
      return candidate;
    },
    note(candidate) {
      const of = searched.find(({ algorithm }) => algorithm.name === candidate.algorithm);
      const given = of && parametersOf(candidate, of);
      if (of && given)
        trialOf.set(candidate, { study: of.study, trial: of.study.ask(given).number });
    },
    tell(candidate, loss) {
      const asked = trialOf.get(candidate);
      trialOf.delete(candidate);
      asked?.study.tell(asked.trial, loss === null ? { state: 'pruned' } : { values: [loss] });
    },
  };
}

function startStudy(algorithm: Algorithm, data: PipelineData, seed: number): Searched {
  const recipes = [null, ...recipeVariants(algorithm, data)];
  const choice = { type: 'categorical', choices: [...recipes.keys()] } as const;
  const space: SearchSpace =
    recipes.length > 1 ? { ...algorithm.space, [RECIPE]: choice } : algorithm.space;
  const sampler = { type: 'tpe', startupTrials: STARTUP_TRIALS } as const;
  return {
    algorithm,
    recipes,
    study: createStudy({ space, directions: ['minimize'], sampler, seed }),
  };
}

/** Equal parameters give equal losses: asked again, and the spare trial does not count. */
function askForNew(study: Study) {
  const known = new Set(study.state.trials.map(({ parameters }) => JSON.stringify(parameters)));
  let trial = study.ask();
  for (let i = 1; i < DRAWS && known.has(JSON.stringify(trial.parameters)); i++) {
    study.tell(trial.number, { state: 'failed' });
    trial = study.ask();
  }
  return trial;
}

/** A candidate as its study's parameters; null where its space does not hold them. */
function parametersOf(
  { parameters, recipe }: Candidate,
  { algorithm, recipes, study }: Searched,
): Parameters | null {
  const { space } = study.state;
  const all: Parameters = { ...algorithm.defaults, ...parameters };
  if (RECIPE in space)
    all[RECIPE] = recipes.findIndex((each) => JSON.stringify(each) === JSON.stringify(recipe));
  const given: Parameters = {};
  for (const [name, { when }] of Object.entries(space)) {
    const isThere = when === undefined || when.in.includes(all[when.parameter]);
    if (isThere && name in all) given[name] = all[name];
  }
  return isInSpace(space, given) ? given : null;
}

/** Algorithms by their best evaluation; `evaluations` are in that order already. */
function ranked(searched: readonly Searched[], evaluations: readonly Evaluation[]): Searched[] {
  const names = [...new Set(evaluations.map(({ candidate }) => candidate.algorithm))];
  const rank = ({ algorithm }: Searched) => {
    const at = names.indexOf(algorithm.name);
    return at < 0 ? names.length : at;
  };
  return [...searched].sort((a, b) => rank(a) - rank(b));
}

function draw(searched: readonly Searched[], rng: Rng): Searched {
  let at = 0;
  while (rng() > 1 - DECAY) at++;
  return searched[at % searched.length];
}
