import type { ModelSettingsRequest, ModelView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { ServedModel } from '../store/flag-configurations.ts';
import { changeConfiguration, withModel } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { readModel } from './models.ts';
import type { Scope } from './scope.ts';

/** Kill switch, share of traffic, fallback on error. Settings left out stay as they are. */
export async function changeSettings(
  scope: Scope,
  model: string,
  request: ModelSettingsRequest,
): Promise<Result<ModelView, Failure>> {
  const changed = await changeConfiguration(scope, async (current) => {
    if (!Object.hasOwn(current.models, model))
      return fail({ reason: 'not_found', what: `model ${model}` });
    const next = applySettings(current.models[model], request);
    return ok({
      next: withModel(current, model, next),
      audit: { action: 'model.settings', subject: model, detail: JSON.stringify(request) },
      value: null,
    });
  });
  return changed.ok ? readModel(scope, model) : changed;
}

const applySettings = (served: ServedModel, request: ModelSettingsRequest): ServedModel => ({
  ...served,
  mlEnabled: request.mlEnabled ?? served.mlEnabled,
  trafficBasisPoints:
    request.trafficPercentage === undefined
      ? served.trafficBasisPoints
      : Math.round(request.trafficPercentage * 100),
  fallbackOnError: request.fallbackOnError ?? served.fallbackOnError,
});
