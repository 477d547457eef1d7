import { ok, type Result } from '../../shared/core/result.ts';
import {
  forecastGate,
  type Gate,
  type GateForecast,
} from '../../shared/stats/performance/forecast-gate.ts';
import type { ModelPerformance } from '../../shared/stats/performance/model-performance.ts';
import { type CliFailure, failed } from '../failure.ts';

/** A bias may go either way from 0: no single limit is its gate. */
const WITHOUT_GATE = 'mean_error';

/** Forecasts for the gates asked for as `accuracy=0.9,f1=0.8`; null: none was. */
export function gateForecasts(
  performance: ModelPerformance,
  asked: string | undefined,
): Result<GateForecast[] | null, CliFailure> {
  if (asked === undefined) return ok(null);
  const forecasts: GateForecast[] = [];
  for (const part of asked.split(',')) {
    const gate = gateOf(part);
    if (!gate)
      return failed('wrong_usage', `Expected a gate like accuracy=0.9, found "${part.trim()}".`);
    const forecast = gate.name === WITHOUT_GATE ? null : forecastGate(performance, gate);
    if (!forecast) {
      const known = performance.overall
        .map(({ name }) => name)
        .filter((name) => name !== WITHOUT_GATE);
      return failed('wrong_usage', `There is no figure "${gate.name}" to have a gate.`, [
        `Figures: ${known.join(', ')}`,
      ]);
    }
    forecasts.push(forecast);
  }
  return ok(forecasts);
}

function gateOf(text: string): Gate | null {
  const [name, limit, ...rest] = text.split('=').map((part) => part.trim());
  const value = limit === undefined || limit === '' ? Number.NaN : Number(limit);
  return name && rest.length === 0 && Number.isFinite(value) ? { name, limit: value } : null;
}
