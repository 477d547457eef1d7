import type { Decision } from '../flags/decision.ts';
import type { RemoteFlags } from '../flags/remote-flags.ts';
import type { ModelFollower } from '../model-cache/model-follower.ts';
import type { ClientStatus } from '../types.ts';
import type { Ledger } from './ledger.ts';

/** One consistent picture of a client, for the host application to show. */
export function clientStatus(
  decision: Decision,
  parts: { models: ModelFollower; flags: RemoteFlags; ledger: Ledger; haveFlagsAnswered: boolean },
): ClientStatus {
  const { flag, isKilled, assignment, configVersion } = decision;
  const { confirmedAt, isConfirmedNow, live } = parts.flags.status();
  return {
    model: {
      ...parts.models.status(),
      assigned: flag?.status === 'assigned' ? flag.version : null,
      variant: assignment.variant,
      killed: isKilled,
    },
    flags: {
      state: flagsState({ confirmedAt, isConfirmedNow }, parts.haveFlagsAnswered),
      version: configVersion,
      confirmedAt,
      live,
    },
    ...parts.ledger.status(),
  };
}

function flagsState(
  { confirmedAt, isConfirmedNow }: { confirmedAt: number | null; isConfirmedNow: boolean },
  haveAnswered: boolean,
): ClientStatus['flags']['state'] {
  if (isConfirmedNow) return 'fresh';
  if (confirmedAt !== null) return 'cached';
  return haveAnswered ? 'unavailable' : 'loading';
}
