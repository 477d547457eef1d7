import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runExperiment } from './run-experiment.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgewise-experiment-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function ask(input: unknown, more: Partial<Parameters<typeof runExperiment>[0]> = {}) {
  writeFileSync(join(cwd, 'e.json'), JSON.stringify(input));
  const out = { stdout: '', stderr: '' };
  const writeTo = (stream: keyof typeof out) => ({
    write: (text: string) => {
      out[stream] += text;
    },
  });
  const process = { stdout: writeTo('stdout'), stderr: writeTo('stderr') };
  const flags = { input: 'e.json', adjustment: 'holm' as const, json: true, ...more };
  const failure = await runExperiment.call({ process, environment: {}, cwd }, flags);
  return { failure, json: JSON.parse(out.stdout), words: out.stderr };
}

const arm = (n: number, sum: number) => ({ kind: 'proportion', n, sum });
const clicks = { control: arm(10_000, 1000), treatment: arm(10_000, 1092), test: 'welch' };

test('p adjusted over the file is in the answer, by the way that is asked for, and decides', async () => {
  const six = Array.from({ length: 6 }, () => ({ ...clicks, minEffect: 0.01 }));
  const { json, words } = await ask(six);
  expect(json[0].adjustedPValue).toBeCloseTo(6 * json[0].pValue, 12);
  expect(json[0].adjustedInterval[0]).toBeLessThan(0);
  expect(words).not.toContain('Ship');
  expect(words).toContain('adjusted over 6 metrics 0.25');
  const alike = (await ask(six, { adjustment: 'benjamini-hochberg' })).json[0];
  expect(alike.adjustedPValue).toBeCloseTo(alike.pValue, 12);
  expect(alike.decision.action).toBe('ship');
  const none = await ask(six, { adjustment: 'none' });
  expect(none.json[0].adjustedPValue).toBe(none.json[0].pValue);
  expect(none.words).not.toContain('adjusted');
});

test('a margin asks whether the treatment is not worse by more', async () => {
  const { json, words } = await ask({ ...clicks, treatment: arm(10_000, 1005), margin: 0.1 });
  expect(json.nonInferiority).toMatchObject({ margin: 0.1, verdict: 'not_worse', chance: null });
  expect(json.nonInferiority.pValue).toBeLessThan(0.05);
  expect(json.decision.action).toBe('ship');
  expect(words).toContain('Not worse by more than 10 %: p 0.0');
});

test('open bounds are infinite in words too, and weights that are no shares are refused', async () => {
  const { words } = await ask({ ...clicks, alternative: 'greater' });
  expect(words).toMatch(/to ∞/);
  expect(words).not.toContain('Infinity');
  const refused = await ask({ ...clicks, weights: [-1, 2] });
  expect(refused.failure).toBeDefined();
  expect(refused.json.error.details).toEqual(['weights.0: Expected a number above 0']);
});

test("an effect relative to a mean below 0 is refused where GrowthBook's numbers are asked for, which turn it around", async () => {
  const mean = (value: number) => ({
    ...{ kind: 'mean', n: 1000, sum: 1000 * value, sumSquares: 1000 * value * value + 4 * 999 },
  });
  const loss = { control: mean(-10), treatment: mean(-8), test: 'bayesian', minEffect: 0.01 };
  const growthbook = { ...loss, compatibility: 'growthbook' };
  const { json, words } = await ask([loss, growthbook, { ...growthbook, effect: 'absolute' }]);
  expect(json[0].effect).toBeCloseTo(0.2, 12);
  expect(json[0].chanceToWin).toBeGreaterThan(0.999);
  expect(json[1]).toMatchObject({ effect: null, insufficient: { reason: 'mean_below_zero' } });
  expect(json[1]).not.toHaveProperty('decision');
  expect(words).toContain("metric 2: cannot be told. GrowthBook divides by the control's mean");
  expect(json[2].effect).toBeCloseTo(2, 12);
});

test('a key that is misspelt is named, wherever it stands', async () => {
  const plan = { baseline: 0.1, minEffect: 0.05 };
  for (const [input, path] of [
    [{ ...clicks, minEfect: 0.01 }, 'minEfect'],
    [{ ...clicks, control: { ...arm(10_000, 1000), sumSquare: 1 } }, 'control.sumSquare'],
    [{ plan: { ...plan, unitPerDay: 5 } }, 'plan.unitPerDay'],
    [{ plan, unitsPerDay: 5 }, 'unitsPerDay'],
    [{ test: 'interleaving', wins: { a: 1, b: 2, ties: 3 } }, 'wins.ties'],
  ] as const) {
    const { failure, json } = await ask(input);
    expect(failure).toBeDefined();
    expect(json.error.details).toEqual([`${path}: Not a key that is known here`]);
  }
});

test('a plan, a bandit and interleaved rankings are answered in their place beside metrics', async () => {
  const rates = [100, 140].map((sum) => ({ kind: 'proportion', n: 1000, sum }));
  const { json, words } = await ask([
    { plan: { baseline: 0.1, minEffect: 0.05, unitsPerDay: 2000 } },
    clicks,
    { test: 'interleaving', wins: { a: 80, b: 40 } },
    { test: 'thompson', arms: rates },
  ]);
  expect(json[0]).toEqual({ units: 121_314, control: 60_657, treatment: 60_657, days: 61 });
  expect(json[1].effect).toBeCloseTo(0.092, 12);
  expect(json[2]).toMatchObject({ shareOfA: 2 / 3, winner: 'a' });
  expect(json[3].weights[1]).toBeGreaterThan(0.95);
  expect(words.split('\n')[0]).toContain('to show an effect of 5 % with chance 80 %: 61 days');
  const bad = await ask({ plan: { baseline: 0.1 } });
  expect(bad.json.error.details[0]).toContain('minEffect or margin');
  const page = await ask({ plan: { baseline: 0.1, minEffect: 0.05 } }, { html: 'p.html' });
  expect(page.json.error.message).toContain('A report is of metrics');
});
