import type { DriftResult } from '../../shared/contracts/registry.ts';
import type { PredictionEvent } from '../../shared/contracts/telemetry.ts';
import { normal, type Rng } from '../../shared/core/rng.ts';
import { type DriftPolicy, judgeDrift } from '../../shared/decide/drift.ts';
import {
  buildReferenceProfile,
  type ReferenceColumn,
} from '../../shared/stats/profile/reference-profile.ts';
import { addPrediction, createProfile } from '../../shared/stats/profile/traffic-profile.ts';

export type Source =
  | { type: 'number'; draw: (rng: Rng) => number | null }
  | { type: 'category'; shares: readonly number[] };

export type SimulatedDrift = {
  reference: Record<string, Source>;
  current: Record<string, Source>;
  referenceRows: number;
  currentRows: number;
  policy: DriftPolicy;
  rng: Rng;
};

/** Draws a reference and a window of traffic, and judges one against the other as the product does. */
export function simulateDrift(simulation: SimulatedDrift): DriftResult[] {
  const { rng } = simulation;
  const inputs: Record<string, ReferenceColumn> = {};
  for (const [name, source] of Object.entries(simulation.reference))
    inputs[name] = referenceColumn(source, simulation.referenceRows, rng);
  const target = new Float64Array(simulation.referenceRows);
  const reference = buildReferenceProfile({ inputs, prediction: target, target });
  const profile = createProfile(reference);
  for (let i = 0; i < simulation.currentRows; i++)
    addPrediction(profile, eventOf(drawRow(simulation.current, rng)));
  return judgeDrift(reference, profile, simulation.policy);
}

function referenceColumn(source: Source, rows: number, rng: Rng): ReferenceColumn {
  if (source.type === 'number')
    return {
      type: 'number',
      values: Float64Array.from({ length: rows }, () => source.draw(rng) ?? Number.NaN),
    };
  const categories = source.shares.map((_, i) => `c${i}`);
  const values = Array.from({ length: rows }, () => drawCategory(source.shares, rng));
  return { type: 'category', values, categories };
}

function drawRow(
  sources: Record<string, Source>,
  rng: Rng,
): Record<string, number | string | null> {
  const row: Record<string, number | string | null> = {};
  for (const [name, source] of Object.entries(sources))
    row[name] = source.type === 'number' ? source.draw(rng) : drawCategory(source.shares, rng);
  return row;
}

function drawCategory(shares: readonly number[], rng: Rng): string {
  let left = rng();
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i];
    if (left < 0) return `c${i}`;
  }
  return `c${shares.length - 1}`;
}

const eventOf = (features: Record<string, number | string | null>): PredictionEvent => ({
  type: 'prediction',
  seq: 1,
  at: 0,
  source: 'model',
  version: '1.0.0',
  assigned: '1.0.0',
  variant: 'champion',
  value: 0,
  latencyMs: 1,
  features,
});

/** Ten inputs of ordinary shapes: normal, skewed, discrete, mostly missing, even and rare categories. */
export const TEN_INPUTS: Record<string, Source> = {
  normal: { type: 'number', draw: normal },
  shifted: { type: 'number', draw: (rng) => 20 + 3 * normal(rng) },
  skewed: { type: 'number', draw: (rng) => Math.exp(normal(rng)) },
  uniform: { type: 'number', draw: (rng) => rng() },
  count: { type: 'number', draw: (rng) => Math.floor(5 * rng() * rng()) },
  binary: { type: 'number', draw: (rng) => (rng() < 0.1 ? 1 : 0) },
  missing: { type: 'number', draw: (rng) => (rng() < 0.3 ? null : normal(rng)) },
  even: { type: 'category', shares: [0.25, 0.25, 0.25, 0.25] },
  rare: { type: 'category', shares: [0.9, 0.07, 0.02, 0.007, 0.003] },
  many: { type: 'category', shares: new Array<number>(20).fill(0.05) },
};
