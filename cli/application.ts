import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildApplication, buildRouteMap, text_en } from '@stricli/core';
import { CommandFailed } from './command.ts';
import { dataset } from './dataset.ts';
import { declare } from './declare/declare-route.ts';
import { messageOf } from './failure.ts';
import { algorithms } from './learn/algorithms-route.ts';
import { compress } from './learn/compress-route.ts';
import { explain } from './learn/explain-route.ts';
import { fit } from './learn/fit-route.ts';
import { predict } from './learn/predict-route.ts';
import { quality } from './learn/quality-route.ts';
import { tune } from './learn/tune-route.ts';
import { packageModel } from './package/package-route.ts';
import { keys } from './routes/keys.ts';
import {
  kill,
  promote,
  publish,
  retrain,
  revoke,
  rollback,
  rollout,
  traffic,
} from './routes/registry.ts';
import { simulate } from './routes/simulate.ts';
import { outcomes, silence, status } from './routes/telemetry.ts';
import { drift, estimate, experiment, fairness, performance, srm } from './stats/routes.ts';
import { train } from './train.ts';

const root = buildRouteMap({
  routes: {
    keys,
    dataset,
    simulate,
    quality,
    declare,
    fit,
    tune,
    predict,
    explain,
    compress,
    algorithms,
    train,
    package: packageModel,
    publish,
    rollout,
    promote,
    rollback,
    kill,
    traffic,
    outcomes,
    status,
    silence,
    revoke,
    retrain,
    drift,
    estimate,
    experiment,
    srm,
    fairness,
    performance,
  },
  docs: { brief: 'MLOps for models that run in the browser' },
});

async function packageVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return JSON.parse(text).version;
}

/** Every command; each loads its code when it is called. */
export const application = buildApplication(root, {
  name: 'edgewise',
  versionInfo: { getCurrentVersion: packageVersion },
  scanner: { caseStyle: 'allow-kebab-for-camel' },
  documentation: { disableAnsiColor: true },
  // A stack trace says nothing to a person.
  localization: { text: { ...text_en, formatException: messageOf } },
  determineExitCode: (error) => (error instanceof CommandFailed ? error.exitCode : 1),
});
