import type { UseCase } from '../../../shared/use-case/define-use-case.ts';
import { summarise } from '../text/recent.ts';
import type { ConsentState } from './consent.svelte.ts';
import { EdgeClient } from './edge-client.svelte.ts';
import { OutcomesState } from './outcomes.svelte.ts';
import { pageStorage } from './page-storage.ts';
import { PredictionState } from './prediction.svelte.ts';
import { RecentState } from './recent.svelte.ts';

/** Everything one use case's page works with, for as long as the app is open. */
export class UseCaseSession {
  readonly useCase: UseCase;
  readonly edge: EdgeClient;
  readonly prediction: PredictionState;
  readonly recent: RecentState;
  readonly outcomes: OutcomesState;

  constructor(useCase: UseCase, consent: ConsentState) {
    this.useCase = useCase;
    this.edge = new EdgeClient(useCase, consent);
    this.prediction = new PredictionState(useCase, this.edge.client);
    const storage = pageStorage(() => localStorage);
    this.recent = new RecentState(useCase.id, storage, () => consent.value === 'granted');
    this.outcomes = new OutcomesState(this.edge.client, this.recent);
  }

  /** Predicts and remembers that its outcome is awaited; gives the first field in the way, or null. */
  async predict(): Promise<string | null> {
    const before = this.prediction.answer?.prediction;
    const obstacle = await this.prediction.submit();
    const made = this.prediction.answer?.prediction;
    if (made && made !== before && made.id !== null)
      this.recent.add({
        id: made.id,
        value: made.value,
        version: made.version,
        at: Date.now(),
        summary: summarise(this.useCase.inputs, made.input),
      });
    return obstacle;
  }
}
