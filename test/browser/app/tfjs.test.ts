import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delayPrediction } from '../../../models/delay-prediction/use-case.ts';
import { encodedWidth, featuresOf } from '../../../shared/neural/tfjs-model/encode-features.ts';
import { edgewiseJson } from '../../support/cli.ts';
import { rollOut } from '../../support/publish.ts';
import { removeStateDir, type Server, startServer } from '../../support/server.ts';
import { linearTfjsFolder } from '../../support/tfjs-model.ts';
import { launchBrowser } from '../find-browser.ts';
import {
  answerOf,
  openApp,
  predictExample,
  untilInstalled,
  untilModelAnswers,
} from './open-app.ts';

const VERSION = '9.0.0';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ empty: true }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await removeStateDir(server.stateDir);
});

/** 20 minutes and 3 a kilometre, as a folder that tfjs would save. */
async function writeModel(): Promise<string> {
  const [distance, ...others] = new Array<number>(
    encodedWidth(featuresOf(delayPrediction.inputs, {})),
  ).fill(0);
  expect([distance, delayPrediction.inputs[0].name]).toEqual([0, 'Distance_km']);
  const { modelJson, shards } = linearTfjsFolder([3, ...others], 20);
  const folder = join(server.stateDir, 'tfjs');
  await mkdir(folder);
  await writeFile(join(folder, 'model.json'), modelJson);
  for (const [name, bytes] of shards) await writeFile(join(folder, name), bytes);
  return join(folder, 'model.json');
}

test('a tfjs model is packaged, published and answers in the app, offline too', async () => {
  const [rows, version] = [join(server.stateDir, 'rows.csv'), join(server.stateDir, VERSION)];
  const { id } = delayPrediction;
  await edgewiseJson(server, ['simulate', id, '--rows', '200', '--out', rows]);
  const from = ['--use-case', id, '--data', rows, '--version', VERSION, '--out', version];
  await edgewiseJson(server, ['package', await writeModel(), ...from]);
  await edgewiseJson(server, ['publish', version]);
  await rollOut(server, id, { version: VERSION, strategy: 'all' });

  const { page, context, complaints } = await openApp(browser, server);
  await untilModelAnswers(page);
  await page.getByText(`Model ${VERSION}`).first().waitFor();
  await predictExample(page);
  expect(await answerOf(page).getAttribute('data-source')).toBe('model');
  await untilInstalled(page);
  // tfjs is kept once the service worker was there to keep it.
  await page.reload();
  await untilModelAnswers(page);
  await context.setOffline(true);
  await page.reload();
  await untilModelAnswers(page);
  await predictExample(page);
  expect(await answerOf(page).getAttribute('data-source')).toBe('model');
  expect(complaints.filter((text) => /Content Security Policy/i.test(text))).toEqual([]);
  await context.close();
});
