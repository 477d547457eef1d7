import { parentPort, workerData } from 'node:worker_threads';
import {
  type Candidate,
  crossValidate,
  fitCandidate,
} from '../../shared/learn/automl/cross-validate.ts';
import type { Objective } from '../../shared/learn/automl/objective.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { createTidying } from './thread-memory.ts';

/** What a thread is started with. */
export type ThreadData = {
  data: PipelineData;
  repeats: readonly Uint8Array[];
  folds: number;
  objective: Objective;
  /** Above so many bytes it frees what it no longer needs; null: when it pleases. */
  tidyAboveBytes: number | null;
};

/** One piece of work. `deadlineMs` is a Unix time; what is not finished by then is given up. */
export type ThreadJob = {
  kind: 'evaluate' | 'fit';
  candidate: Candidate;
  bestFoldLosses: readonly number[] | null;
  deadlineMs: number;
};

/** `failure`: the candidate threw; the search goes on without it and says so. */
export type ThreadAnswer = { result: unknown; seconds: number; failure: string | null };

const { data, repeats, folds, objective, tidyAboveBytes } = workerData as ThreadData;
const tidy = createTidying(tidyAboveBytes);

parentPort?.on('message', ({ kind, candidate, bestFoldLosses, deadlineMs }: ThreadJob) => {
  const startedMs = Date.now();
  const isTimeUp = () => {
    tidy();
    return Date.now() > deadlineMs;
  };
  const answer: ThreadAnswer = { result: null, seconds: 0, failure: null };
  try {
    answer.result =
      kind === 'fit'
        ? fitCandidate(data, candidate, isTimeUp)
        : crossValidate(data, candidate, { repeats, folds, objective, bestFoldLosses, isTimeUp });
  } catch (error) {
    answer.failure = error instanceof Error ? error.message : String(error);
  }
  answer.seconds = (Date.now() - startedMs) / 1000;
  parentPort?.postMessage(answer);
});
