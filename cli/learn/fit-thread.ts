import { parentPort, workerData } from 'node:worker_threads';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';
import { readFitSettings } from '../../shared/learn/settings/fit-settings.ts';
import { createProblems } from '../../shared/learn/settings/problems.ts';
import { messageOf } from '../failure.ts';
import { type AskedData, type AskedFlags, fitAsked } from './fit-asked.ts';
import { knownAlgorithms } from './known-algorithms.ts';

/** What the thread of one long fit is started with: the model as settings say it. */
export type FitThreadData = {
  settings: unknown;
  /** Whether the catalogue alone has all that is in it. */
  isCatalogued: boolean;
  data: AskedData;
  flags: AskedFlags;
  /** An Int32: 1 once the fit is asked to end with what it has. */
  interrupted: SharedArrayBuffer;
};

export type FitThreadAnswer = { fitted: ReturnType<typeof fitAsked> } | { failure: string };

const { settings, isCatalogued, data, flags, interrupted } = workerData as FitThreadData;
const cell = new Int32Array(interrupted);
const isTimeUp = () => Atomics.load(cell, 0) === 1;

/** The same algorithm, which ends with what it has once it is asked to. */
const ending = (algorithm: Algorithm): Algorithm => ({
  ...algorithm,
  fit: (rows, parameters, options) => algorithm.fit(rows, parameters, { ...options, isTimeUp }),
});

async function answer(): Promise<FitThreadAnswer> {
  try {
    const algorithms = (isCatalogued ? ALGORITHMS : await knownAlgorithms()).map(ending);
    const problems = createProblems();
    const { task } = data.training;
    const { model } = readFitSettings(settings, { task, algorithms, algorithm: null, problems });
    if (model === null) throw new Error(`Broken invariant: ${problems.found.join(' ')}`);
    return { fitted: fitAsked(model, data, flags) };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

parentPort?.postMessage(await answer());
