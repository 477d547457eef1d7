import { Hono } from 'hono';
import * as v from 'valibot';
import { modelId, promotion, rolloutStrategy } from '../../shared/contracts/declaration.ts';
import { semver, signed } from '../../shared/contracts/manifest.ts';
import { outcomesRequest } from '../../shared/contracts/telemetry.ts';
import { readModel, readModels, readVersion, readVersions } from '../services/models.ts';
import { newId } from '../services/new-id.ts';
import { recordOutcomes } from '../services/outcomes.ts';
import { checkWith } from '../services/parse.ts';
import { promote } from '../services/promote.ts';
import { publishVersion } from '../services/publish.ts';
import { rollBack } from '../services/rollback.ts';
import { readRollouts, startRollout } from '../services/rollouts.ts';
import { readRuns, startRun } from '../services/runs.ts';
import { changeSettings } from '../services/settings.ts';
import { LONGEST_SILENCE_MS, readSilences, silenceRule } from '../services/silences.ts';
import { readLedgerOf, readProfilesOf, readSummary } from '../services/telemetry-views.ts';
import { authenticate } from './authenticate.ts';
import { readJson } from './body.ts';
import type { AppEnv } from './context.ts';
import { scopeOf } from './context.ts';
import { problemResponse } from './problem.ts';
import { json, respond, respondList } from './respond.ts';

const settingsRequest = v.strictObject({
  mlEnabled: v.optional(v.boolean()),
  trafficPercentage: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  fallbackOnError: v.optional(v.boolean()),
});
const publishRequest = v.object({ manifest: signed });
const rolloutRequest = v.object({
  version: semver,
  strategy: rolloutStrategy,
  promotion: v.optional(promotion),
});
const silenceRequest = v.object({
  rule: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  durationMs: v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST_SILENCE_MS)),
  why: v.pipe(v.string(), v.maxLength(500)),
});
const versionPath = v.object({ model: modelId, version: semver });

const secret = authenticate('secret');

export const modelRoutes = new Hono<AppEnv>()
  .get('/', secret, async (c) => json({ models: await readModels(scopeOf(c)) }))
  .get('/:model', secret, async (c) => respond(await readModel(scopeOf(c), c.req.param('model'))))
  .patch('/:model', secret, async (c) => {
    const request = await readJson(c.req.raw, settingsRequest);
    if (!request.ok) return problemResponse(request.error);
    return respond(await changeSettings(scopeOf(c), c.req.param('model'), request.value));
  })
  .get('/:model/versions', secret, async (c) =>
    respondList('versions', await readVersions(scopeOf(c), c.req.param('model'))),
  )
  .get('/:model/versions/:version', secret, async (c) =>
    respond(await readVersion(scopeOf(c), c.req.param())),
  )
  .put('/:model/versions/:version', secret, async (c) => {
    const path = checkWith(versionPath, c.req.param(), 'The path');
    if (!path.ok) return problemResponse(path.error);
    const request = await readJson(c.req.raw, publishRequest);
    if (!request.ok) return problemResponse(request.error);
    const published = await publishVersion(scopeOf(c), {
      ...path.value,
      signed: request.value.manifest,
    });
    if (!published.ok) return problemResponse(published.error);
    return json(published.value.view, published.value.created ? 201 : 200);
  })
  .get('/:model/rollouts', secret, async (c) =>
    respondList('rollouts', await readRollouts(scopeOf(c), c.req.param('model'))),
  )
  .post('/:model/rollouts', secret, async (c) => {
    const request = await readJson(c.req.raw, rolloutRequest);
    if (!request.ok) return problemResponse(request.error);
    const start = { model: c.req.param('model'), ...request.value };
    return respond(await startRollout(scopeOf(c), start), { status: 201 });
  })
  .post('/:model/rollback', secret, async (c) =>
    respond(await rollBack(scopeOf(c), c.req.param('model'))),
  )
  .post('/:model/promote', secret, async (c) =>
    respond(await promote(scopeOf(c), c.req.param('model'))),
  )
  .get('/:model/silences', secret, async (c) =>
    respondList('silences', await readSilences(scopeOf(c), c.req.param('model'))),
  )
  .post('/:model/silences', secret, async (c) => {
    const request = await readJson(c.req.raw, silenceRequest);
    if (!request.ok) return problemResponse(request.error);
    return respondList(
      'silences',
      await silenceRule(scopeOf(c), c.req.param('model'), request.value),
    );
  })
  .post('/:model/outcomes', secret, async (c) => {
    const request = await readJson(c.req.raw, outcomesRequest);
    if (!request.ok) return problemResponse(request.error);
    return respond(await recordOutcomes(scopeOf(c), c.req.param('model'), request.value));
  })
  .get('/:model/summary', secret, async (c) =>
    respond(await readSummary(scopeOf(c), c.req.param('model'))),
  )
  .get('/:model/profiles', secret, async (c) =>
    respond(
      await readProfilesOf(scopeOf(c), c.req.param('model'), {
        window: c.req.query('window') ?? null,
        version: c.req.query('version') ?? null,
      }),
    ),
  )
  .get('/:model/ledger', secret, async (c) =>
    respond(await readLedgerOf(scopeOf(c), c.req.param('model'), c.req.query('device') ?? null)),
  )
  .get('/:model/runs', secret, async (c) =>
    respondList('runs', await readRuns(scopeOf(c), c.req.param('model'))),
  )
  .post('/:model/runs', secret, async (c) => {
    const scope = scopeOf(c);
    const start = {
      model: c.req.param('model'),
      trigger: 'manual',
      runId: newId(scope.nowMs),
      why: `asked by ${scope.actor}`,
    } as const;
    return respond(await startRun(scope, c.env.RETRAIN, start), { status: 201 });
  });
