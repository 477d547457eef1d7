import { beforeAll, expect, test } from 'vitest';
import type { Declaration } from '../../shared/contracts/declaration.ts';
import type { RolloutView } from '../../shared/contracts/registry.ts';
import type { TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import { createRng, normal } from '../../shared/core/rng.ts';
import type { OutcomesResponse } from '../services/find-predictions.ts';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { rollOut, servingWorkspace } from '../test-support/traffic.ts';
import { BINARY, probabilityOf, publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';
const rng = createRng(3);
let workspace: TestWorkspace;
let device = 0;

beforeAll(async () => {
  workspace = await servingWorkspace(BINARY);
});

/** `n` answers of a version and what came of them: as told, or by `happens`. */
async function answers(
  to: TestWorkspace,
  of: { version: string; n: number; happens?: (p: number) => number },
): Promise<void> {
  const name = `classified-${++device}`;
  const { version, happens = (p: number) => p } = of;
  const events: TelemetryEvent[] = [];
  for (let seq = 1; seq < 2 * of.n; seq += 2) {
    const distance = 10 + 2 * normal(rng);
    const features = { distance, weather: rng() < 0.7 ? 'dry' : 'rain' };
    const predicted = probabilityOf(distance);
    const value = rng() < happens(predicted) ? 1 : 0;
    const told = { version, assigned: version, predicted, value };
    events.push(prediction(seq, { version, assigned: version, features, value: predicted }));
    events.push(outcome(seq + 1, { prediction: `${name}.writer01:${seq}`, ...told }));
  }
  await sendEvents(to, events, { device: name });
}

test('outcomes of a classifier are told in its own figures', async () => {
  await answers(workspace, { version: '1.0.0', n: 400 });
  const { versions, alerts, outcomeRate } = await foldNow(workspace);
  const [summary] = versions;
  expect(summary).toMatchObject({ version: '1.0.0', outcomes: 400, mae: null, rmse: null });
  const { brier, logLoss, rocAuc, accuracy, calibrationError } = summary.classifier!;
  expect(brier).toBeGreaterThan(0.15);
  expect(brier).toBeLessThan(0.24);
  expect(logLoss).toBeLessThan(0.69);
  expect(rocAuc).toBeGreaterThan(0.65);
  expect(accuracy).toBeGreaterThan(0.55);
  expect(calibrationError).toBeLessThan(0.08);
  expect(outcomeRate).toMatchObject({ n: 400 });
  expect(Math.abs(outcomeRate!.now! - outcomeRate!.reference)).toBeLessThan(0.1);
  expect(alerts).toEqual([]);
});

test('what is no probability and no class is refused event by event, and nothing of it is counted', async () => {
  const name = 'classified-wrong';
  const of = (seq: number) => ({ prediction: `${name}.writer01:${seq}` });
  const ack = await sendEvents(
    workspace,
    [
      prediction(1, { value: 0.5 }),
      prediction(2, { value: 1.2 }),
      outcome(3, { ...of(1), predicted: 0.5, value: 2 }),
      outcome(4, { ...of(1), predicted: -0.1, value: 1 }),
      outcome(5, { ...of(1), predicted: 0.5, value: 1 }),
    ],
    { device: name },
  );
  expect(ack).toMatchObject({ accepted: 2 });
  expect(ack.rejected).toEqual([
    { seq: 2, reason: 'not_a_probability' },
    { seq: 3, reason: 'not_a_class' },
    { seq: 4, reason: 'not_a_probability' },
  ]);
});

test('who got no version is answered in probabilities too', async () => {
  const name = 'classified-unassigned';
  const none = { version: null, assigned: null, source: 'fallback' } as const;
  const told = { ...none, prediction: `${name}.writer01:2` };
  const ack = await sendEvents(
    workspace,
    [
      prediction(1, { ...none, value: 77 }),
      prediction(2, { ...none, value: 0.7 }),
      outcome(3, { ...told, predicted: 0.7, value: 42 }),
      outcome(4, { ...told, predicted: 0.7, value: 1 }),
    ],
    { device: name },
  );
  expect(ack.rejected).toEqual([
    { seq: 1, reason: 'not_a_probability' },
    { seq: 3, reason: 'not_a_class' },
  ]);
  await sendEvents(workspace, [prediction(5, { ...none, value: 0.7 })], { device: name });
  const later = { predictionId: `${name}.writer01:5`, observedAt: new Date().toISOString() };
  const answer = workspace.call('POST', `${MODEL}/outcomes`, {
    outcomes: [{ ...later, value: 9 }],
  });
  expect(await json<OutcomesResponse>(answer)).toMatchObject({
    rejected: [{ index: 0, reason: 'not_a_class' }],
  });
});

test('a backend tells classes by 0 and 1 alone', async () => {
  const name = 'classified-backend';
  await sendEvents(workspace, [prediction(1, { value: 0.3 }), prediction(2, { value: 0.4 })], {
    device: name,
  });
  const observedAt = new Date().toISOString();
  const answer = await json<OutcomesResponse>(
    workspace.call('POST', `${MODEL}/outcomes`, {
      outcomes: [
        { predictionId: `${name}.writer01:1`, value: 0.5, observedAt },
        { predictionId: `${name}.writer01:2`, value: 1, observedAt },
      ],
    }),
  );
  const rejected = [{ index: 0, predictionId: `${name}.writer01:1`, reason: 'not_a_class' }];
  expect(answer).toEqual({ accepted: 1, duplicate: 0, rejected });
});

test('a challenger whose probabilities say too much is rolled back by its calibration gate', async () => {
  const own = await servingWorkspace({
    ...BINARY,
    gates: [{ metric: 'calibration_error', max: 0.05, minSamples: 50 }],
  });
  await rollOut(own, '1.1.0', 'canary');
  await answers(own, { version: '1.0.0', n: 300 });
  await answers(own, { version: '1.1.0', n: 400, happens: () => 0.5 });
  const summary = await foldNow(own);
  const { rollouts } = await json<{ rollouts: RolloutView[] }>(
    own.call('GET', `${MODEL}/rollouts`),
  );
  expect(rollouts[0]).toMatchObject({ status: 'rolled_back', challenger: '1.1.0' });
  expect(rollouts[0].gates).toMatchObject([{ metric: 'calibration_error', verdict: 'fail' }]);
  expect(summary.alerts.map(({ rule }) => rule)).toContain('rollout');
});

test('decisions of a version are counted by its own threshold, in figures and in gates', async () => {
  const own = await createWorkspace();
  const publisher = await trustedPublisher(own);
  const at = (threshold: number): Partial<Declaration> => {
    if (BINARY.task?.type !== 'binary') throw new Error('Broken invariant: BINARY is binary');
    const gates: Declaration['gates'] = [{ metric: 'recall', min: 0.5, minSamples: 20 }];
    return { ...BINARY, gates, task: { ...BINARY.task, threshold } };
  };
  await publish(own, publisher, { version: '1.0.0', declaration: at(0.4) });
  await publish(own, publisher, { version: '1.1.0', declaration: at(0.9) });
  await rollOut(own, '1.0.0', 'all');
  await rollOut(own, '1.1.0', 'canary');
  await answers(own, { version: '1.0.0', n: 300 });
  await answers(own, { version: '1.1.0', n: 300 });
  const { versions } = await foldNow(own);
  const recallOf = (version: string) =>
    versions.find((summary) => summary.version === version)?.classifier?.recall;
  expect(recallOf('1.0.0')).toBeGreaterThan(0.7);
  expect(recallOf('1.1.0')).toBeLessThan(0.3);
  const { rollouts } = await json<{ rollouts: RolloutView[] }>(
    own.call('GET', `${MODEL}/rollouts`),
  );
  expect(rollouts[0]).toMatchObject({ challenger: '1.1.0', status: 'rolled_back' });
  expect(rollouts[0].gates).toMatchObject([{ metric: 'recall', verdict: 'fail' }]);
  expect(rollouts[0].gates[0].challenger).toBeLessThan(0.3);
});

test('a classifier that has decayed is told by its Brier score', async () => {
  const own = await servingWorkspace(BINARY);
  await answers(own, { version: '1.0.0', n: 400, happens: (p) => 1 - p });
  const { alerts, suggestions } = await foldNow(own);
  expect(alerts.map(({ rule }) => rule).sort()).toEqual(['brier', 'drift:concept']);
  expect(suggestions?.[0].sentence).toMatch(/^Retrain: Brier score is 0\.\d+ over 400 outcomes/);
});

const turned = (): Partial<Declaration> => {
  const { task } = BINARY;
  if (task?.type !== 'binary') throw new Error('Broken invariant: BINARY is binary');
  const [negative, positive] = task.classes;
  return { ...BINARY, task: { ...task, classes: [positive, negative] } };
};
const detailOf = async (answer: Response) => (await json<{ detail: string }>(answer)).detail;
const TURNED_WORDS =
  'is binary ("late", then "on-time"); expected binary ("on-time", then "late"), as the champion 1.0.0 is.';

test('a version whose classes changed places is not published beside a champion', async () => {
  const publisher = await trustedPublisher(workspace);
  const answer = await publish(workspace, publisher, { version: '3.0.0', declaration: turned() });
  expect(answer.status).toBe(422);
  expect(await detailOf(answer)).toBe(`3.0.0 ${TURNED_WORDS}`);
  expect((await rollOut(workspace, '3.0.0', 'canary')).status).toBe(404);
});

test('a version that was published before there was a champion of other classes is not rolled out', async () => {
  const own = await createWorkspace();
  const publisher = await trustedPublisher(own);
  await publish(own, publisher, { version: '0.9.0', declaration: turned() });
  await publish(own, publisher, { version: '1.0.0', declaration: BINARY });
  await rollOut(own, '1.0.0', 'all');
  const answer = await rollOut(own, '0.9.0', 'canary');
  expect(answer.status).toBe(422);
  expect(await detailOf(answer)).toBe(`0.9.0 ${TURNED_WORDS}`);
});

test('figures of a regression are none of a classifier', async () => {
  const publisher = await trustedPublisher(workspace);
  const ofNumbers = { mae: 1, rmse: 1.3, r2: 0.9, rows: 20 };
  const mixed = await publish(workspace, publisher, {
    version: '3.1.0',
    declaration: BINARY,
    change: (manifest) => ({ ...manifest, metrics: { ...manifest.metrics, test: ofNumbers } }),
  });
  expect(mixed.status).toBe(422);
});

test('a version of another task than the champion’s is not published, nor one that contradicts itself', async () => {
  const publisher = await trustedPublisher(workspace);
  const answer = await publish(workspace, publisher, { version: '2.0.0' });
  expect(answer.status).toBe(422);
  expect(await detailOf(answer)).toContain('2.0.0 is regression; expected binary ("on-time"');
  const contradicting = await publish(workspace, publisher, {
    version: '2.1.0',
    declaration: BINARY,
    change: (manifest) => ({ ...manifest, interval: { level: 0.9, lower: 0, upper: 0 } }),
  });
  expect(contradicting.status).toBe(422);
});
