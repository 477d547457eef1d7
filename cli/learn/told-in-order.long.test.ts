import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import {
  type Candidate,
  crossValidate,
  type Evaluation,
} from '../../shared/learn/automl/cross-validate.ts';
import { startAutoMl } from '../../shared/learn/automl/session.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { tellInOrder } from './told-in-order.ts';

const INPUTS = [{ name: 'x', type: 'number', missing: 'impute' }] as const;

function dataOf(rows: number): PipelineData {
  const rng = createRng(3);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    const x = rng();
    builder.begin();
    builder.setNumber(0, x);
    builder.commit(x + 0.5 * rng() > 0.75 ? 1 : 0, 0);
  }
  const table = builder.build();
  return { task: 'binary', inputs: INPUTS, table, classes: ['no', 'yes'], weights: null };
}

const LAG = 4;
const TRIALS = 11;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** As if on so many threads, which are done in an order that the seed draws. */
async function proposed(data: PipelineData, threads: number, seed: number): Promise<unknown> {
  const started = startAutoMl(data, {
    ...{ objective: 'roc_auc', seed: 1, maxMembers: 4 },
    algorithms: ['decision-tree', 'nearest-neighbours'],
  });
  if (!started.ok) throw new Error(started.error.reason);
  const session = started.value;
  const { repeats, folds } = session;
  const told = tellInOrder(session, LAG);
  const rng = createRng(seed);
  const candidates: Candidate[] = [];
  const atWork: { candidate: Candidate; evaluation: Evaluation | null }[] = [];
  const endOne = () => {
    const [done] = atWork.splice(Math.floor(rng() * atWork.length), 1);
    told.tell(done.candidate, { evaluation: done.evaluation, isTooLarge: false });
  };
  while (candidates.length < TRIALS) {
    if (atWork.length === threads) endOne();
    let candidate: Candidate | null | undefined;
    const next = told.next().then((given) => {
      candidate = given;
    });
    // What it waits for is among those at work.
    for (await turn(); candidate === undefined; await turn()) endOne();
    await next;
    if (candidate === null) break;
    candidates.push({ ...candidate });
    const bestFoldLosses = session.bestFoldLosses();
    const options = { repeats, folds, objective: 'roc_auc', bestFoldLosses } as const;
    atWork.push({ candidate, evaluation: crossValidate(data, candidate, options) });
  }
  while (atWork.length > 0) endOne();
  told.finish();
  return { candidates, choice: session.choose() };
}

test('what is proposed and chosen depends on no thread and no clock', async () => {
  const data = dataOf(60);
  const alone = await proposed(data, 1, 1);
  for (const [threads, seed] of [
    [2, 1],

    [LAG, 3],
  ])
    expect(await proposed(data, threads, seed)).toEqual(alone);
});
