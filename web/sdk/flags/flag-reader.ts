import type { EvaluationDetails, Client as FlagClient } from '@openfeature/web-sdk';

type Value = boolean | number | string;

/**
 * Evaluates flags for the host application and reports the first sight of each variant, which is
 * what an experiment counts.
 */
export function createFlagReader(
  client: FlagClient,
  onExposure: (flag: string, variant: string) => void,
): <T extends Value>(key: string, defaultValue: T) => EvaluationDetails<T> {
  const seen = new Set<string>();
  return <T extends Value>(key: string, defaultValue: T) => {
    const details = evaluate(client, key, defaultValue) as EvaluationDetails<T>;
    const exposure = `${key} ${details.variant}`;
    if (details.variant !== undefined && !details.errorCode && !seen.has(exposure)) {
      seen.add(exposure);
      onExposure(key, details.variant);
    }
    return details;
  };
}

function evaluate(client: FlagClient, key: string, defaultValue: Value): EvaluationDetails<Value> {
  switch (typeof defaultValue) {
    case 'boolean':
      return client.getBooleanDetails(key, defaultValue);
    case 'number':
      return client.getNumberDetails(key, defaultValue);
    default:
      return client.getStringDetails(key, defaultValue as string);
  }
}
