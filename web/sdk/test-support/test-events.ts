import type { EventBody, RememberedPrediction } from '../outbox/records.ts';

export const REMEMBERED: RememberedPrediction = {
  predicted: 7,
  version: '1.0.0',
  assigned: '1.0.0',
  source: 'model',
};

export const predictionEvent = (value = 7): EventBody => ({
  type: 'prediction',
  at: 1,
  source: 'model',
  version: '1.0.0',
  assigned: '1.0.0',
  variant: 'champion',
  value,
  latencyMs: 1,
});

export const outcomeEvent = (prediction: string): EventBody => ({
  type: 'outcome',
  at: 1,
  prediction,
  value: 9,
  observedAt: 1,
  ...REMEMBERED,
});
