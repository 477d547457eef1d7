export { createClient } from './create-client.ts';
export { InputError, PredictionError, UnknownPredictionError } from './errors.ts';
export type {
  Assignment,
  Client,
  ClientContext,
  ClientOptions,
  ClientStatus,
  Consent,
  CreateClient,
  Explanation,
  ModelState,
  Prediction,
  PredictOptions,
  Reason,
  SyncReport,
  TrustedKeys,
} from './types.ts';
