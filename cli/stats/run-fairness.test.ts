import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { runFairness } from './run-fairness.ts';
import { runPerformance } from './run-performance.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgewise-fairness-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

type Run<Flags> = (this: ReturnType<typeof contextOf>['context'], flags: Flags) => unknown;

function contextOf() {
  const out = { stdout: '', stderr: '' };
  const writeTo = (stream: keyof typeof out) => ({
    write: (text: string) => {
      out[stream] += text;
    },
  });
  const process = { stdout: writeTo('stdout'), stderr: writeTo('stderr') };
  return { out, context: { process, environment: {}, cwd } };
}

async function call<Flags>(run: Run<Flags>, flags: Flags) {
  const { out, context } = contextOf();
  const failure = (await run.call(context, flags)) as { exitCode: number } | undefined;
  return { exitCode: failure?.exitCode ?? 0, json: JSON.parse(out.stdout), words: out.stderr };
}

const common = { data: 'd.csv', truth: 't', json: true };
const fairness = (more: Partial<Parameters<typeof runFairness>[0]> = {}) =>
  call(runFairness, { ...common, prediction: 'p', sensitive: 'g', minGroupSize: 1, ...more });
const performance = (more: Partial<Parameters<typeof runPerformance>[0]> = {}) =>
  call(runPerformance, { ...common, threshold: 0.5, task: 'auto', chunk: 1000, ...more });

const write = (rows: readonly string[]): void =>
  writeFileSync(join(cwd, 'd.csv'), ['t,p,g,q', ...rows].join('\n'));
const yesNo = ['Yes,Yes,a,0.9', 'No,Yes,a,0.7', 'No,No,b,0.2', 'Yes,No,b,0.4'];

test('yes, true or 1 is what means yes where nothing is said, whichever is there', async () => {
  write(yesNo);
  expect((await fairness()).json).toMatchObject({ overall: { accuracy: 0.5, selectionRate: 0.5 } });
  const { json } = await performance({ probability: 'q' });
  expect(json.overall.find((one: { name: string }) => one.name === 'roc_auc').value).toBe(0.75);
  expect((await performance({ prediction: 'p' })).json.task).toBe('decision');
  write(['True,true,a,0.9', 'False,false,b,0.2']);
  expect((await fairness()).json.overall).toMatchObject({ accuracy: 1, selectionRate: 0.5 });
});

test('a positive that no row holds is refused with the labels that are there', async () => {
  write(yesNo);
  for (const positive of ['1', 'maybe']) {
    const refused = [
      await fairness({ positive }),
      await performance({ positive, probability: 'q' }),
      await performance({ positive, prediction: 'p' }),
    ];
    for (const { exitCode, json } of refused) {
      expect(exitCode).toBe(2);
      expect(json.error.message).toContain(`"${positive}"`);
      expect(json.error.message).toContain('"Yes", "No"');
    }
  }
  write(['red,red,a,1', 'blue,blue,b,0']);
  expect((await fairness()).json.error.message).toContain('Give --positive');
  expect((await fairness({ positive: 'red' })).json.overall.selectionRate).toBe(0.5);
});

test('of three labels and more the one that means yes must be asked for', async () => {
  write(['1,1,a,0.5', '2,3,b,0.2', '3,2,a,0.1']);
  for (const { exitCode, json } of [await fairness(), await performance({ probability: 'q' })]) {
    expect(exitCode).toBe(2);
    expect(json.error.message).toContain('Which of 3 labels means yes? Give --positive');
  }
  expect((await fairness({ positive: '1' })).json.overall.accuracy).toBe(1);
  expect((await performance({ prediction: 'p' })).json.task).toBe('label');
  write(['1,1.0,a,0.5', '0,0,b,0.2']);
  expect((await fairness()).exitCode).toBe(0);
});

test('columns of other labels are refused; rows that all say no are rows of no', async () => {
  write(['Yes,1,a,1', 'No,0,b,0', 'No,1,b,0']);
  expect((await fairness()).json.error.message).toContain('Column "t" never says "1"');
  write(['0,0,a,0.1', '0,0,b,0.2']);
  expect((await fairness()).json.overall).toMatchObject({ selectionRate: 0, tpr: null });
  expect((await performance({ probability: 'q' })).exitCode).toBe(0);
});

test('few rows that all go one way in each group differ beyond chance', async () => {
  write(Array.from({ length: 16 }, (_, i) => `${i % 2},${i < 8 ? 1 : 0},${i < 8 ? 'a' : 'b'},0.5`));
  const { json, words } = await fairness();
  const [selection] = json.differences;
  expect(selection.pValue).toBeCloseTo(0.0001554, 6);
  expect(words).toContain('Beyond chance: selection rate (b to a)');
});

test('a handful of rows shows no difference, and rules none out', async () => {
  write(['1,1,a,1', '0,1,a,1', '1,0,b,0', '0,0,b,0']);
  const { words } = await fairness();
  expect(words).toMatch(/beyond chance; differences of up to 100 points are not ruled out/);
  expect(words).not.toContain('Beyond chance');
});

test('groups that are too small are named, in words and in the answer', async () => {
  write(['1,1,a,1', '0,0,a,0', '1,1,b,1', '0,0,c,0']);
  const none = await fairness({ minGroupSize: 10 });
  expect(none.json.tooSmall).toEqual(['a', 'b', 'c']);
  expect(none.words).toContain('Of 3 groups 0 are large enough');
  expect(none.words).toContain('fewer than 10 rows: a (n 2), b (n 1), c (n 1)');
  expect(none.words).not.toContain('beyond chance');
});

test('no two intersections have one name, whatever commas their values hold', async () => {
  writeFileSync(
    join(cwd, 'd.csv'),
    't,p,a,b\n1,1,x,"y,z"\n0,0,"x,y",z\n1,0,,z\n0,1,missing,z\n0,1,"say ""hi""",z\n',
  );
  const { json } = await fairness({ sensitive: 'a,b' });
  expect(Object.keys(json.groups)).toEqual([
    '"missing",z',
    '"say ""hi""",z',
    '"x,y",z',
    'missing,z',
    'x,"y,z"',
  ]);
});

test('of many groups ten are told, those that are surest to be apart first; the answer has them all', async () => {
  const rng = createRng(1);
  const bit = (): number => (rng() < 0.5 ? 1 : 0);
  const small = Array.from({ length: 400 }, (_, i) => `${bit()},${bit()},g${i},${rng()}`);
  const large = Array.from({ length: 40 }, () => `${bit()},1,large,0.5`);
  write([...small, ...large]);
  const { json, words } = await fairness({ probability: 'q', mitigate: 'demographic_parity' });
  expect(Object.keys(json.groups)).toHaveLength(401);
  expect(words).toContain('large: n 40, selected 100.0 %');
  expect(words.split('\n').length).toBeLessThan(40);
});
