import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
  const rng = createRng(5);
  const lines = Array.from({ length: 400 }, () => {
    const x = 10 * rng();
    const copies = [x, x + 0.1 * rng(), x + 0.1 * rng()].map((value) => value.toFixed(3));
    return `${copies.join()},${rng() < 1 / (1 + Math.exp((5 - x) / 2)) ? 'yes' : 'no'}`;
  });
  folder.write('a.csv', ['x,copy,other,y', ...lines].join('\n'));
});
afterEach(() => folder.remove());

const learn = (...rest: string[]) =>
  folder.edgewise(
    ...['fit', 'a.csv', '--target', 'y', '--task', 'binary', '--out', 'model', '--json', ...rest],
  );
const bayes = ['--algorithm', 'gaussian-naive-bayes'];

test('fit --calibrate answers honest probabilities, and its manifest says by what', async () => {
  const raw = await learn(...bayes);
  const honest = await learn(...bayes, '--calibrate', 'sigmoid');
  expect(honest.exitCode).toBe(0);
  expect(honest.report.calibration).toBe('sigmoid');
  expect(honest.report.metrics.test.log_loss).toBeLessThan(raw.report.metrics.test.log_loss);
  const manifest = JSON.parse(readFileSync(honest.report.files.manifest, 'utf8'));
  expect(manifest.calibration).toBe('sigmoid');
  const predict = (runtime: string) =>
    folder.edgewise(
      ...['predict', 'model', '--data', 'a.csv', '--out', `${runtime}.csv`, '--runtime', runtime],
    );
  expect((await predict('own')).exitCode).toBe(0);
  folder.write('few.csv', 'x,copy,other\n1,1,1\n8,8,8');
  const explained = await folder.edgewise(
    ...['explain', 'model', '--data', 'few.csv', '--out', 'why.json', '--json'],
  );
  expect(explained.exitCode).toBe(0);
});

test('a search can be calibrated too', async () => {
  const { exitCode, report } = await learn(
    ...['--calibrate', 'temperature', '--budget-seconds', '20', '--trials', '1', '--threads', '1'],
  );
  expect(exitCode).toBe(0);
  expect(report.calibration).toBe('temperature');
});

test('fit --outliers fits what it names, and a search refuses it', async () => {
  const { exitCode } = await learn(...bayes, '--outliers', 'flag-isolation-forest');
  expect(exitCode).toBe(0);
  const searched = await learn('--outliers', 'drop-iqr');
  expect(searched.exitCode).toBe(2);
  expect(searched.stderr + JSON.stringify(searched.report)).toContain('--algorithm NAME');
});

test('what has no probabilities is not calibrated', async () => {
  const { exitCode } = await folder.edgewise(
    ...['fit', 'a.csv', '--target', 'copy', '--task', 'regression', '--out', 'model', '--json'],
    ...['--calibrate', 'sigmoid'],
  );
  expect(exitCode).toBe(2);
});
