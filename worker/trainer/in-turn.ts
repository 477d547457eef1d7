import type { WorkflowStep } from 'cloudflare:workers';
import { takeLease } from '../store/leases.ts';

export type Turn = { step: Pick<WorkflowStep, 'do' | 'sleep'>; db: D1Database; holder: string };

const WAIT = '20 seconds';

/**
 * A step that only the holder of the training lease may run. It takes or renews the lease; while
 * another run holds it (which may have come in between after a long stop), it sleeps.
 * @param work its result must survive JSON
 */
export async function inTurn<T>(turn: Turn, name: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const kept = await turn.step.do(name, async () => {
      const isOurs = await takeLease(turn.db, turn.holder, Date.now());
      return isOurs ? JSON.stringify({ result: await work() }) : null;
    });
    if (kept !== null) return (JSON.parse(kept) as { result: T }).result;
    await turn.step.sleep(`wait before: ${name}`, WAIT);
  }
}
