import type { Candidate, Evaluation } from '../../shared/learn/automl/cross-validate.ts';
import type { AutoMlSession } from '../../shared/learn/automl/session.ts';

/** How a candidate did. */
export type Outcome = { evaluation: Evaluation | null; isTooLarge: boolean };

/**
 * A session that hears of candidates in the order in which it proposed them, whichever thread is done
 * first, and of each only when `lag` more were proposed: what it proposes then depends on no clock.
 */
export type ToldInOrder = {
  /** Null: nothing is left to try. */
  next(): Promise<Candidate | null>;
  tell(candidate: Candidate, outcome: Outcome): void;
  /** Tells all that is known. */
  finish(): void;
};

type Pending = { candidate: Candidate; outcome: Outcome | null };

/** @param lag at least as many as threads; 0: the session hears at once */
export function tellInOrder(session: AutoMlSession, lag: number): ToldInOrder {
  const pending: Pending[] = [];
  let wake: (() => void)[] = [];
  const pass = ({ candidate, outcome }: Pending): void => {
    if (outcome?.isTooLarge) session.addTooLarge(candidate);
    else session.add(candidate, outcome?.evaluation ?? null);
  };
  return {
    async next() {
      while (lag > 0 && pending.length >= lag) {
        if (pending[0].outcome === null) await new Promise<void>((resolve) => wake.push(resolve));
        else pass(pending.splice(0, 1)[0]);
      }
      const candidate = session.next();
      if (candidate !== null && lag > 0) pending.push({ candidate, outcome: null });
      return candidate;
    },
    tell(candidate, outcome) {
      const known = pending.find((each) => each.candidate === candidate);
      if (known === undefined) pass({ candidate, outcome });
      else known.outcome = outcome;
      for (const resolve of wake) resolve();
      wake = [];
    },
    finish() {
      for (const each of pending.splice(0)) if (each.outcome !== null) pass(each);
    },
  };
}
