import { describeRefusal, type Refusal } from './refusal.ts';

export type OnIncident = (
  kind: 'integrity' | 'runtime',
  version: string | null,
  detail: string,
) => void;

/**
 * Tells each refusal of a version once: a device that retries all day must not send an incident a
 * minute. A network that is away is none.
 */
export function createRefusalReport(
  onIncident: OnIncident,
): (version: string | null, refusal: Refusal) => void {
  const reported = new Set<string>();
  return (version, refusal) => {
    const key = `${version} ${refusal.reason}`;
    if (refusal.reason === 'unreachable' || reported.has(key)) return;
    reported.add(key);
    const kind = refusal.reason === 'runtime' ? 'runtime' : 'integrity';
    onIncident(kind, version, describeRefusal(refusal).slice(0, 1000));
  };
}
