import { buildApplication, buildRouteMap } from '@stricli/core';
import { CommandFailed } from './command.ts';
import { dataset } from './dataset.ts';
import { keys } from './routes/keys.ts';
import { kill, publish, retrain, revoke, rollback, rollout, traffic } from './routes/registry.ts';
import { simulate } from './routes/simulate.ts';
import { outcomes, status } from './routes/telemetry.ts';
import { drift, estimate, experiment, fairness, srm } from './stats/routes.ts';
import { train } from './train.ts';

const root = buildRouteMap({
  routes: {
    keys,
    dataset,
    simulate,
    train,
    publish,
    rollout,
    rollback,
    kill,
    traffic,
    outcomes,
    status,
    revoke,
    retrain,
    drift,
    estimate,
    experiment,
    srm,
    fairness,
  },
  docs: { brief: 'MLOps for models that run in the browser' },
});

/** Every command; each loads its code when it is called. */
export const application = buildApplication(root, {
  name: 'edgewise',
  scanner: { caseStyle: 'allow-kebab-for-camel' },
  documentation: { disableAnsiColor: true },
  determineExitCode: (error) => (error instanceof CommandFailed ? error.exitCode : 1),
});
