import { describeRefusal, type Refusal } from './refusal.ts';

export type OnIncident = (
  kind: 'integrity' | 'runtime' | 'download',
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
    onIncident(kindOf(refusal), version, describeRefusal(refusal).slice(0, 1000));
  };
}

/** A server that was reached and had no such file has failed to deliver; the file itself may be fine. */
function kindOf({ reason }: Refusal): 'integrity' | 'runtime' | 'download' {
  if (reason === 'runtime') return 'runtime';
  return reason === 'not_found' ? 'download' : 'integrity';
}
