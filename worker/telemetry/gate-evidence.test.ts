import { expect, test } from 'vitest';
import type { Declaration, Gate } from '../../shared/contracts/declaration.ts';
import type { GateResult, RolloutView } from '../../shared/contracts/registry.ts';
import type { TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { rollOut, servingWorkspace } from '../test-support/traffic.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';
const minSamples = 30;

const declared = (gates: Gate[]): Partial<Declaration> => ({
  gates,
  sensitive: 'weather',
  businessMetrics: [{ name: 'sold', label: 'Sold' }],
  rollout: { steps: [0.5, 1], holdMs: 3_600_000 },
});

let devices = 0;

/** What one device makes of `of` for each of `n` rows, numbered as it goes. */
async function tell(
  workspace: TestWorkspace,
  n: number,
  of: (i: number, next: () => number, id: (seq: number) => string) => TelemetryEvent[],
): Promise<{ rejected: unknown[] }> {
  const device = `evidence-${++devices}`;
  let seq = 0;
  const events = Array.from({ length: n }, (_, i) =>
    of(
      i,
      () => ++seq,
      (at) => `${device}.writer01:${at}`,
    ),
  );
  return sendEvents(workspace, events.flat(), { device });
}

const challenger = { version: '1.1.0', assigned: '1.1.0', variant: 'challenger' } as const;

async function judged(gates: Gate[]) {
  const workspace = await servingWorkspace(declared(gates));
  await rollOut(workspace, '1.1.0', 'canary');
  const results = async (): Promise<GateResult[]> => {
    await foldNow(workspace);
    const path = `${MODEL}/rollouts`;
    return (await json<{ rollouts: RolloutView[] }>(workspace.call('GET', path))).rollouts[0].gates;
  };
  return { workspace, results };
}

test('the latency of each backend comes home and is judged by itself', async () => {
  const { workspace, results } = await judged([
    { metric: 'latency_p95_ms', max: 50, minSamples, eachBackend: true },
  ]);
  await tell(workspace, 200, (i, next) => [
    prediction(next(), {
      ...challenger,
      ...(i % 2 ? { backend: 'webgpu', latencyMs: 200 } : { backend: 'wasm', latencyMs: 5 }),
    }),
  ]);
  expect((await results()).map(({ metric, verdict }) => [metric, verdict])).toEqual([
    ['latency_p95_ms:wasm', 'pass'],
    ['latency_p95_ms:webgpu', 'fail'],
  ]);
});

test('errors are told apart by the declared sensitive input, and by no other value', async () => {
  const { workspace, results } = await judged([
    { metric: 'group_mae_ratio', max: 1.5, minSamples },
  ]);
  await tell(workspace, 400, (i, next, id) => {
    const at = next();
    const [group, error] = [
      ['dry', 2],
      ['rain', 9],
      ['of a stranger', 90],
      ['constructor', 90],
    ][i % 4] as [string, number];
    const value = 30 + error * (i % 8 < 4 ? 1 : -1);
    return [
      prediction(at, challenger),
      outcome(next(), { prediction: id(at), ...challenger, value, predicted: 30, group }),
    ];
  });
  const found = await results();
  expect(found.map(({ metric, verdict, n }) => [metric, verdict, n])).toEqual([
    ['group_mae_ratio:dry', 'pass', 100],
    ['group_mae_ratio:rain', 'fail', 100],
  ]);
  expect(found[1]).toMatchObject({ challenger: 9, limit: 3 });
});

test('outcomes outside the interval that an answer came with are counted', async () => {
  const { workspace, results } = await judged([
    { metric: 'interval_miss_rate', max: 0.2, minSamples },
  ]);
  await tell(workspace, 100, (i, next, id) => {
    const at = next();
    const told = { prediction: id(at), ...challenger, value: i % 2 ? 31 : 900, predicted: 30 };
    return [prediction(at, challenger), outcome(next(), told)];
  });
  expect(await results()).toMatchObject([
    { metric: 'interval_miss_rate', verdict: 'fail', challenger: 0.5, n: 100 },
  ]);
});

test('what an application counts is a gate where it is declared, and nothing where it is not', async () => {
  const { workspace, results } = await judged([
    { metric: 'business', name: 'sold', minRatioToChampion: 0.9, minSamples },
  ]);
  const track =
    (version: string, name: string, isSold: boolean) => (i: number, next: () => number) => {
      const at = next();
      const answered = prediction(at, { version, assigned: version });
      const detail = JSON.stringify({ name });
      const kind = 'track' as const;
      const tracked = { type: 'incident' as const, seq: 0, at: Date.now(), kind, version, detail };
      return isSold || i % 10 === 0 ? [answered, { ...tracked, seq: next() }] : [answered];
    };
  await tell(workspace, 300, track('1.0.0', 'sold', true));
  await tell(workspace, 300, track('1.1.0', 'sold', false));
  await tell(workspace, 300, track('1.1.0', 'unheard-of', true));
  const [sold, ...others] = await results();
  expect(others).toEqual([]);
  expect(sold).toMatchObject({ metric: 'business:sold', verdict: 'fail', champion: 1 });
  expect(sold.challenger).toBeCloseTo(0.05, 12);
});

test('devices that cannot get a version are counted apart from those that refuse it', async () => {
  const { workspace, results } = await judged([
    { metric: 'download_failure_rate', max: 0.05, minSamples },
    { metric: 'integrity_failure_rate', max: 0.05, minSamples },
  ]);
  const at = Date.now();
  await tell(workspace, 100, (i, next) => [
    prediction(next(), challenger),
    ...(i % 4 === 0
      ? [
          {
            type: 'incident',
            seq: next(),
            at,
            kind: 'download',
            version: '1.1.0',
            detail: '404',
          } as const,
        ]
      : []),
  ]);
  expect(await results()).toMatchObject([
    { metric: 'download_failure_rate', verdict: 'fail', challenger: 0.2, n: 125 },
    { metric: 'integrity_failure_rate', verdict: 'pass', challenger: 0 },
  ]);
});
